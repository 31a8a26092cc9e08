package bailey.linux.proc;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of /proc/PID/uid_map or gid_map (user_namespaces(7)).
 *
 * @param inside first id in the user namespace of the process
 * @param outside what it is in that of the reader, or of its parent where it is the reader's own
 * @param count of ids, at least 1
 */
public record IdMap(long inside, long outside, long count) {
  /** All lines of a file, none if it is not there. */
  public static List<IdMap> readAll(String path) {
    return parseAll(KernelFile.readOrEmpty(path));
  }

  /** All lines that are three numbers. */
  public static List<IdMap> parseAll(String text) {
    var lines = new ArrayList<IdMap>();
    for (var line : KernelFile.lines(text)) {
      var words = KernelFile.words(line);
      if (words.size() != 3) {
        continue;
      }
      var inside = Digits.decimal(words.get(0));
      var outside = Digits.decimal(words.get(1));
      var count = Digits.decimal(words.get(2));
      if (inside.isPresent() && outside.isPresent() && count.isPresent() && count.getAsLong() > 0) {
        lines.add(new IdMap(inside.getAsLong(), outside.getAsLong(), count.getAsLong()));
      }
    }
    return lines;
  }
}
