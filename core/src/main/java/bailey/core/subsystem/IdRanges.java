package bailey.core.subsystem;

import bailey.core.container.ValueFormat;
import bailey.core.spec.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ids of a user namespace and those of outside that they are (user_namespaces(7)): lines {@code
 * INSIDE OUTSIDE COUNT}, which may also be joined by commas. User 0 inside is among them: it makes
 * the container's walls.
 */
public record IdRanges() implements ValueFormat {
  private static final Pattern LINE =
      Pattern.compile("\\s*([0-9]{1,10})\\s+([0-9]{1,10})\\s+([0-9]{1,10})\\s*");

  /** UID_GID_MAP_MAX_EXTENTS, linux/user_namespace.h. */
  private static final int MOST_LINES = 340;

  /** Ids as files of older kinds have them; the kernel's last is no id. */
  private static final long MOST = Integer.MAX_VALUE;

  /** {@code count} ids from {@code inside} are those from {@code outside}. */
  public record Range(int inside, int outside, int count) {
    private boolean meets(Range other) {
      return meet(inside, count, other.inside, other.count)
          || meet(outside, count, other.outside, other.count);
    }

    private static boolean meet(long a, long countA, long b, long countB) {
      return a < b + countB && b < a + countA;
    }

    @Override
    public String toString() {
      return inside + " " + outside + " " + count;
    }
  }

  @Override
  public String canonical(String control, String text) {
    var ranges = new ArrayList<Range>();
    for (var line : text.split("[,\n]", -1)) {
      var match = LINE.matcher(line);
      if (!match.matches()) {
        throw Malformed.value(control, text, "is no list of three numbers each", help());
      }
      long inside = Long.parseLong(match.group(1));
      long outside = Long.parseLong(match.group(2));
      long count = Long.parseLong(match.group(3));
      if (count == 0 || inside + count - 1 > MOST || outside + count - 1 > MOST || count > MOST) {
        throw Malformed.value(control, text, "has ids that are not from 0 to " + MOST, help());
      }
      ranges.add(new Range((int) inside, (int) outside, (int) count));
    }
    check(control, text, ranges);
    return String.join("\n", ranges.stream().map(Range::toString).toList());
  }

  private void check(String control, String text, List<Range> ranges) {
    if (ranges.size() > MOST_LINES) {
      throw Malformed.value(control, text, "has more than " + MOST_LINES + " lines", help());
    }
    for (int i = 0; i < ranges.size(); i++) {
      for (var other : ranges.subList(0, i)) {
        if (ranges.get(i).meets(other)) {
          throw Malformed.value(control, text, "has an id twice", help());
        }
      }
    }
    if (ranges.stream().noneMatch(range -> range.inside() == 0)) {
      throw Malformed.value(control, text, "has no 0 inside, which bailey starts with", help());
    }
  }

  /** The ranges of a canonical value. */
  public static List<Range> ranges(String canonical) {
    return canonical.lines().map(IdRanges::range).toList();
  }

  private static Range range(String line) {
    var words = line.split(" ", -1);
    return new Range(
        Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
  }

  @Override
  public String help() {
    return "INSIDE OUTSIDE COUNT, several joined by commas, for example 0 200000 65536";
  }
}
