package bailey.core.seccomp;

import java.util.Locale;

/**
 * A comparison of one argument of a system call, as 64 unsigned bits. A filter sees registers, not
 * what pointers point to.
 *
 * @param index which argument, 0 to 5
 * @param comparison how
 * @param mask for {@link Comparison#MASKED_EQ} the bits that count, else all
 * @param value what it is compared with
 */
public record ArgTest(int index, Comparison comparison, long mask, long value) {
  /** The comparisons of OCI's {@code SCMP_CMP_} operators. */
  public enum Comparison {
    /** Equal. */
    EQ,
    /** Not equal. */
    NE,
    /** Less. */
    LT,
    /** Less or equal. */
    LE,
    /** Greater. */
    GT,
    /** Greater or equal. */
    GE,
    /** The bits of the mask equal. */
    MASKED_EQ
  }

  /** The bits of an argument that the kernel takes as an {@code int}. */
  private static final long INT = 0xffff_ffffL;

  /** Refuses an argument that no call has and a test that can never be true. */
  public ArgTest {
    if (index < 0 || index > 5) {
      throw new IllegalArgumentException(
          "a system call has the arguments 0 to 5, there is no argument " + index);
    }
    if (comparison == Comparison.MASKED_EQ ? (value & ~mask) != 0 : mask != -1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "the value 0x%x has bits outside of the mask 0x%x", value, mask));
    }
  }

  /** Compares all 64 bits. */
  public static ArgTest of(int index, Comparison comparison, long value) {
    return new ArgTest(index, comparison, -1, value);
  }

  /** True where {@code argument & mask} is {@code value}. */
  public static ArgTest masked(int index, long mask, long value) {
    return new ArgTest(index, Comparison.MASKED_EQ, mask, value);
  }

  /**
   * True where the low half of the argument is {@code value}: for what the kernel takes as an
   * {@code int}. Comparing all 64 bits there would let a program pass a refused value with a bit
   * set above (CVE-2019-10063: TIOCSTI in Flatpak).
   */
  public static ArgTest ofInt(int index, int value) {
    return masked(index, INT, Integer.toUnsignedLong(value));
  }

  /** {@code arg0 & 0x7e020000 = 0x0}, {@code arg1 < 0xc}. */
  @Override
  public String toString() {
    var argument = "arg" + index;
    var sign =
        switch (comparison) {
          case EQ -> " = ";
          case NE -> " != ";
          case LT -> " < ";
          case LE -> " <= ";
          case GT -> " > ";
          case GE -> " >= ";
          case MASKED_EQ -> " & 0x" + Long.toHexString(mask) + " = ";
        };
    return argument + sign + "0x" + Long.toHexString(value);
  }
}
