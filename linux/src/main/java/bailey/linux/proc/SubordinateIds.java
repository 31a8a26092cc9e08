package bailey.linux.proc;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of /etc/subuid or /etc/subgid (subuid(5)): ids that a user may map in a user namespace.
 *
 * @param owner name or number of the user
 * @param first id
 * @param count of ids, at least 1
 */
public record SubordinateIds(String owner, long first, long count) {
  /** All lines that are ranges: {@code owner:first:count}. */
  public static List<SubordinateIds> parseAll(String text) {
    var ranges = new ArrayList<SubordinateIds>();
    for (var line : KernelFile.lines(text)) {
      int one = line.indexOf(':');
      int two = line.indexOf(':', one + 1);
      if (one <= 0 || two < 0) {
        continue;
      }
      var first = Digits.decimal(line.substring(one + 1, two));
      var count = Digits.decimal(line.substring(two + 1));
      if (first.isPresent() && count.isPresent() && count.getAsLong() > 0) {
        ranges.add(
            new SubordinateIds(line.substring(0, one), first.getAsLong(), count.getAsLong()));
      }
    }
    return ranges;
  }
}
