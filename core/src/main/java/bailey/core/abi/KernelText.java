package bailey.core.abi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Text as the kernel has it, bytes without a declared encoding, in a Java string and back without
 * loss: UTF-8, with each byte that is not part of valid UTF-8 as the lone surrogate {@code U+DC00 +
 * byte} (the convention of PEP 383). Names of files, arguments and environment go through here.
 */
public final class KernelText {
  private KernelText() {}

  /** The bytes of {@code text}; lone surrogates made by {@link #decode} become their byte again. */
  public static byte[] encode(String text) {
    byte[] ascii = ascii(text);
    if (ascii != null) {
      return ascii;
    }
    var out = new byte[text.length() * 3]; // a UTF-16 unit becomes at most three bytes
    int n = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        out[n++] = (byte) c;
      } else if (c >= 0xDC80 && c <= 0xDCFF) {
        out[n++] = (byte) c;
      } else if (c < 0x800) {
        out[n++] = (byte) (0xC0 | (c >> 6));
        out[n++] = (byte) (0x80 | (c & 0x3F));
      } else if (c < 0x10000) {
        out[n++] = (byte) (0xE0 | (c >> 12));
        out[n++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        out[n++] = (byte) (0x80 | (c & 0x3F));
      } else {
        out[n++] = (byte) (0xF0 | (c >> 18));
        out[n++] = (byte) (0x80 | ((c >> 12) & 0x3F));
        out[n++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        out[n++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static byte @Nullable [] ascii(String text) {
    var bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return null;
      }
      bytes[i] = (byte) c;
    }
    return bytes;
  }

  /** The text of {@code bytes} from {@code from} to before {@code to}. */
  public static String decode(byte[] bytes, int from, int to) {
    return isAscii(bytes, from, to)
        ? new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)
        : decodeAny(bytes, from, to);
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private static String decodeAny(byte[] bytes, int from, int to) {
    var text = new StringBuilder(to - from);
    for (int i = from; i < to; ) {
      int b = bytes[i] & 0xFF;
      int length =
          b < 0x80
              ? 1
              : b >= 0xC2 && b < 0xE0
                  ? 2
                  : b >= 0xE0 && b < 0xF0 ? 3 : b >= 0xF0 && b < 0xF5 ? 4 : 0;
      int c = length == 0 || i + length > to ? -1 : codePoint(bytes, i, length);
      if (c < 0) {
        text.append((char) (0xDC00 + b));
        i++;
      } else {
        text.appendCodePoint(c);
        i += length;
      }
    }
    return text.toString();
  }

  /** The code point of a sequence of {@code length} bytes, or -1 where it is not valid UTF-8. */
  private static int codePoint(byte[] bytes, int at, int length) {
    int first = bytes[at] & 0xFF;
    if (length == 1) {
      return first;
    }
    int c = first & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      int b = bytes[at + i];
      if ((b & 0xC0) != 0x80) {
        return -1;
      }
      c = (c << 6) | (b & 0x3F);
    }
    boolean shortest = c >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
    return shortest && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF) ? c : -1;
  }
}
