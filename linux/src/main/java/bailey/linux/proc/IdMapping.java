package bailey.linux.proc;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of /proc/PID/uid_map or gid_map (user_namespaces(7)).
 *
 * @param inside first id in the namespace of the process
 * @param outside first id in that of the reader
 * @param count of ids
 */
public record IdMapping(long inside, long outside, long count) {
  /** Those of a file, none if it cannot be read. */
  public static List<IdMapping> readAll(String path) {
    return parseAll(KernelFile.readOrEmpty(path));
  }

  /** All lines that are mappings. */
  public static List<IdMapping> parseAll(String text) {
    var mappings = new ArrayList<IdMapping>();
    for (var line : KernelFile.lines(text)) {
      var words = KernelFile.words(line);
      if (words.size() == 3) {
        var inside = Digits.decimal(words.get(0));
        var outside = Digits.decimal(words.get(1));
        var count = Digits.decimal(words.get(2));
        if (inside.isPresent() && outside.isPresent() && count.isPresent()) {
          mappings.add(new IdMapping(inside.getAsLong(), outside.getAsLong(), count.getAsLong()));
        }
      }
    }
    return mappings;
  }
}
