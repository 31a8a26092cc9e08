package bailey.core.container;

import bailey.core.spec.Limit;
import bailey.core.spec.Malformed;
import bailey.core.spec.Size;
import java.util.Optional;

/**
 * One number in a range.
 *
 * @param notation how it may be written
 * @param least the least value
 * @param most the largest value
 * @param orMax whether {@code max}, no limit, is a value too
 */
public record Amount(Notation notation, long least, long most, boolean orMax)
    implements ValueFormat {
  /** How a number may be written. */
  public enum Notation {
    /** As a {@link Size}. */
    BYTES,
    /** As decimal digits. */
    DIGITS
  }

  /** Bytes, or {@code max}. */
  public static final Amount BYTES_OR_MAX = new Amount(Notation.BYTES, 0, Long.MAX_VALUE, true);

  /** Bytes as the kernel measured them. */
  public static final Amount BYTES = new Amount(Notation.BYTES, 0, Long.MAX_VALUE, false);

  /** A number as the kernel measured it. */
  public static final Amount COUNT = new Amount(Notation.DIGITS, 0, Long.MAX_VALUE, false);

  /** A number from {@code least} to {@code most}. */
  public static Amount between(long least, long most) {
    return new Amount(Notation.DIGITS, least, most, false);
  }

  @Override
  public String canonical(String control, String text) {
    if (orMax && text.equals("max")) {
      return text;
    }
    long number = notation == Notation.BYTES ? bytes(control, text) : digits(control, text);
    if (number < least || number > most) {
      throw Malformed.range(control, text, "is not in the range " + least + " to " + most, help());
    }
    return Long.toString(number);
  }

  private long bytes(String control, String text) {
    return orMax
        ? Limit.parse(control, text).bytes().orElseThrow()
        : Size.parse(control, text).bytes();
  }

  private long digits(String control, String text) {
    boolean plain = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!plain || text.length() > 19) {
      throw Malformed.value(control, text, "is not a number from " + least + " to " + most, help());
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw Malformed.range(control, text, "is not in the range " + least + " to " + most, help());
    }
  }

  @Override
  public Optional<String> lower(String a, String b) {
    if (a.equals("max")) {
      return Optional.of(b);
    }
    return Optional.of(b.equals("max") || Long.parseLong(a) <= Long.parseLong(b) ? a : b);
  }

  @Override
  public String help() {
    if (notation == Notation.BYTES) {
      return "bytes or a number with K, M, G or T"
          + (orMax ? ", or max" : "")
          + ", for example 64M";
    }
    var range = most == Long.MAX_VALUE ? " from " + least : " from " + least + " to " + most;
    return "a number"
        + range
        + (orMax ? ", or max" : "")
        + ", for example "
        + Math.clamp(100, least, most);
  }
}
