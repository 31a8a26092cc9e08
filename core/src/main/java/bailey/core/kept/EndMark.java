package bailey.core.kept;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The last line of a record, by which a whole one is told from others: a comment with the CRC-32 of
 * all before it. The executor writes it too, where a record of a kept plan has a place that was
 * filled (kept.h).
 */
public final class EndMark {
  /** What the sum follows. */
  public static final String TEXT = "# end ";

  /** How many digits the sum has. */
  static final int DIGITS = 8;

  private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.US_ASCII);

  private EndMark() {}

  /** The line that ends a record of {@code text}. */
  public static String of(byte[] text) {
    return TEXT + sum(text, 0, text.length) + "\n";
  }

  private static String sum(byte[] bytes, int from, int to) {
    var crc = new CRC32();
    crc.update(bytes, from, to - from);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /**
   * Where the sum begins that has {@code at} in it; -1 where that is in none.
   *
   * @param bytes with records in them, each behind a NUL
   */
  static int around(byte[] bytes, int at) {
    for (int start = at; start > Math.max(BYTES.length, at - DIGITS); start--) {
      if (start + DIGITS < bytes.length
          && Arrays.equals(bytes, start - BYTES.length, start, BYTES, 0, BYTES.length)) {
        return isRight(bytes, start) ? start : -1;
      }
    }
    return -1;
  }

  /** Whether the sum at {@code start} is that of the record. */
  private static boolean isRight(byte[] bytes, int start) {
    var there = new String(bytes, start, DIGITS, StandardCharsets.ISO_8859_1);
    return there.equals(sum(bytes, from(bytes, start), start - BYTES.length));
  }

  /** Where the record begins whose sum begins at {@code start}. */
  static int from(byte[] bytes, int start) {
    int from = start;
    while (from > 0 && bytes[from - 1] != 0) {
      from--;
    }
    return from;
  }
}
