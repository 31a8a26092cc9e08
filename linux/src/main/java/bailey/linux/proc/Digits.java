package bailey.linux.proc;

import java.util.OptionalLong;

/** Numbers as the kernel prints them: digits only, no sign, no blank. */
final class Digits {
  private Digits() {}

  /** The number that {@code text} is in {@code radix}, empty if it is none or has over 63 bits. */
  static OptionalLong parse(String text, int radix) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0 || value > (Long.MAX_VALUE - digit) / radix) {
        return OptionalLong.empty();
      }
      value = value * radix + digit;
    }
    return OptionalLong.of(value);
  }

  /** A decimal number. */
  static OptionalLong decimal(String text) {
    return parse(text, 10);
  }

  /** A decimal number that is an int (process and user ids up to 2^31 - 1), -1 if it is none. */
  static int small(String text) {
    long value = decimal(text).orElse(-1);
    return value <= Integer.MAX_VALUE ? (int) value : -1;
  }
}
