package bailey.core.container;

import bailey.core.spec.Malformed;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A set of CPUs or memory nodes: numbers and ranges joined by commas, {@code 0-2,7}, in the order
 * and with the ranges in which the kernel prints it (bitmap_print_to_pagebuf(), cpuset(7) "List
 * format").
 *
 * @param thing what is numbered, in the singular: {@code CPU}
 * @param most the largest number
 */
public record NumberSet(String thing, int most) implements ValueFormat {
  private static final Pattern PART = Pattern.compile("([0-9]{1,6})(?:-([0-9]{1,6}))?");

  @Override
  public String canonical(String control, String text) {
    return text(set(control, text));
  }

  private BitSet set(String control, String text) {
    var set = new BitSet();
    for (var part : text.split(",", -1)) {
      var match = PART.matcher(part);
      if (!match.matches()) {
        throw Malformed.value(control, text, "is not a list of " + thing + "s", help());
      }
      int first = Integer.parseInt(match.group(1));
      int last = match.group(2) == null ? first : Integer.parseInt(match.group(2));
      if (first > last || last > most) {
        throw Malformed.value(
            control, text, "has a range that goes down or a number above " + most, help());
      }
      set.set(first, last + 1);
    }
    return set;
  }

  /** What is in both; where that is nothing, as the kernel does, the first. */
  @Override
  public Optional<String> lower(String a, String b) {
    var both = set("", a);
    both.and(set("", b));
    return Optional.of(both.isEmpty() ? a : text(both));
  }

  /** The numbers in a canonical value. */
  public BitSet numbers(String canonical) {
    return set("", canonical);
  }

  /** The canonical text of a set. */
  public static String text(BitSet set) {
    var text = new StringBuilder();
    for (int first = set.nextSetBit(0); first >= 0; ) {
      int after = set.nextClearBit(first);
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (after - first > 1) {
        text.append('-').append(after - 1);
      }
      first = set.nextSetBit(after);
    }
    return text.toString();
  }

  @Override
  public String help() {
    return "numbers and ranges joined by commas, for example 0-1,3";
  }
}
