package bailey.core.spec;

import bailey.core.error.BadRequest;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * An exact number of bytes, 0 to 2^63-1.
 *
 * <p>Written as a decimal number with an optional unit {@code K}, {@code M}, {@code G} or {@code T}
 * (1024, 1024², 1024³, 1024⁴; {@code KiB} and so on mean the same): {@code 65536}, {@code 64M},
 * {@code 1.5G}. The result must be whole bytes. There is no sign, no space, no exponent, no lower
 * case ({@code 64m} is 0.064 elsewhere) and no {@code MB}, which is a power of ten to some and of
 * two to others.
 *
 * @param bytes the number, not negative
 */
public record Size(long bytes) implements Comparable<Size> {
  private static final Pattern FORM =
      Pattern.compile("(0|[1-9][0-9]{0,29})(\\.[0-9]{1,30})?([KMGT](?:iB)?)?");
  private static final String UNITS = "KMGT";

  /** Refuses a negative number. */
  public Size {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size cannot be negative: " + bytes);
    }
  }

  /**
   * Reads a size as a user writes it.
   *
   * @param option what the value was given to, such as {@code --memory}: it begins the error
   * @throws BadRequest naming {@code option}, the text and an example
   */
  public static Size parse(String option, String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Malformed.value(
          option, text, "is not a size", "bytes or a number with K, M, G or T, for example 64M");
    }
    // no BigDecimal: to initialise that class takes a tenth of a command line's start
    var fraction = match.group(2) == null ? "" : match.group(2).substring(1);
    int power = match.group(3) == null ? 0 : UNITS.indexOf(match.group(3).charAt(0)) + 1;
    var exact =
        new BigInteger(match.group(1) + fraction)
            .shiftLeft(10 * power)
            .divideAndRemainder(BigInteger.TEN.pow(fraction.length()));
    if (exact[0].bitLength() >= Long.SIZE) {
      throw Malformed.value(
          option, text, "is too large", "at most " + Long.MAX_VALUE + " bytes, for example 64G");
    }
    if (exact[1].signum() != 0) {
      throw Malformed.value(
          option, text, "is not a whole number of bytes", "a size such as 1.5G or 64M");
    }
    return new Size(exact[0].longValueExact());
  }

  @Override
  public int compareTo(Size other) {
    return Long.compare(bytes, other.bytes);
  }

  /**
   * The shortest exact form, such as {@code 64M} or {@code 65537}; {@link #parse} reads it back.
   */
  @Override
  public String toString() {
    int power = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.length());
    return power == 0
        ? Long.toString(bytes)
        : (bytes >> (10 * power)) + UNITS.substring(power - 1, power);
  }
}
