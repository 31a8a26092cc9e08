package bailey.oci.json;

import bailey.core.error.BadRequest;
import java.nio.charset.StandardCharsets;

/**
 * The characters of a document: white space, strings, numbers and words, as RFC 8259 has them. What
 * is broken is told by {@link Fault}, which the reader makes a sentence of.
 */
final class JsonScanner {
  private final byte[] text;
  private final Fault fault;

  /** The next byte. */
  private int at;

  /** Makes an error of what is wrong with the document. */
  interface Fault {
    /** {@code what} is said of "the document" at {@code offset}. */
    BadRequest at(int offset, String what);
  }

  JsonScanner(byte[] text, Fault fault) {
    this.text = text;
    this.fault = fault;
  }

  int offset() {
    return at;
  }

  void advance() {
    at++;
  }

  /** The next byte that is not white space, which is not passed; -1 at the end. */
  int next() {
    while (at < text.length) {
      int c = text[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c & 0xff;
      }
      at++;
    }
    return -1;
  }

  /** Passes {@code word}, which must be what is next. */
  void word(String word) {
    int end = at + word.length();
    int begin = at;
    for (int i = 0; at < end; i++, at++) {
      if (at == text.length || text[at] != word.charAt(i)) {
        throw fault.at(begin, "has something else than a value here");
      }
    }
  }

  BadRequest unexpected(String expected) {
    return fault.at(at, "has " + shown() + " where " + expected + " is expected");
  }

  private String shown() {
    int c = next();
    if (c < 0) {
      return "its end";
    }
    return c > ' ' && c < 0x7f ? "'" + (char) c + "'" : "a byte 0x" + Integer.toHexString(c);
  }

  /** The number that is next, as it is written. */
  String number() {
    int begin = at;
    if (peek() == '-') {
      at++;
    }
    int first = at;
    digits();
    if (text[first] == '0' && at > first + 1) {
      throw fault.at(begin, "has a number that begins with 0");
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    return ascii(begin, at);
  }

  private void digits() {
    int begin = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == begin) {
      throw unexpected("a digit");
    }
  }

  private int peek() {
    return at < text.length ? text[at] : -1;
  }

  /** The string that is next, whose opening quote is where it is. */
  String string() {
    int begin = ++at;
    while (true) {
      int c = peek();
      if (c == '"') {
        return ascii(begin, at++);
      }
      if (c < ' ' || c == '\\') { // a byte beyond ASCII is negative
        return decoded(begin);
      }
      at++;
    }
  }

  @SuppressWarnings("StringCharset") // one byte is one character: it was looked at
  private String ascii(int begin, int end) {
    return new String(text, begin, end - begin, StandardCharsets.ISO_8859_1);
  }

  /** The rest of a string that has an escape, or is not of ASCII only. */
  private String decoded(int begin) {
    var out = new StringBuilder(at - begin + 16).append(ascii(begin, at));
    while (true) {
      int c = peek();
      if (at >= text.length) {
        throw fault.at(begin - 1, "has a string without an end");
      }
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c == '\\') {
        escape(out);
      } else if (c < 0) {
        out.appendCodePoint(beyondAscii());
      } else if (c < ' ') {
        throw fault.at(
            at, "has a control character in a string; it must be written as an escape such as \\n");
      } else {
        out.append((char) c);
        at++;
      }
    }
  }

  private void escape(StringBuilder out) {
    int begin = at++;
    int c = peek();
    at++;
    switch (c) {
      case '"', '\\', '/' -> out.append((char) c);
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        char unit = unit(begin);
        out.append(unit);
        if (Character.isHighSurrogate(unit) && peek() == '\\' && peekAfter() == 'u') {
          at += 2;
          char low = unit(begin);
          out.append(low);
          if (Character.isLowSurrogate(low)) {
            return;
          }
        }
        if (Character.isSurrogate(unit)) {
          throw fault.at(begin, "has half of a surrogate pair, which is no character");
        }
      }
      default -> throw fault.at(begin, "has an escape that there is not in JSON");
    }
  }

  private int peekAfter() {
    return at + 1 < text.length ? text[at + 1] : -1;
  }

  private char unit(int begin) {
    int unit = 0;
    for (int i = 0; i < 4; i++, at++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw fault.at(begin, "has an escape \\u without four hexadecimal digits");
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  /** The character at {@code at}, of two to four bytes in the shortest form (RFC 3629). */
  private int beyondAscii() {
    int begin = at;
    int lead = text[at++] & 0xff;
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    int character = lead & 0x3f >> more;
    for (int i = 0; i < more; i++) {
      int c = peek();
      if (at >= text.length || (c & 0xc0) != 0x80) {
        throw fault.at(begin, "is not UTF-8 here");
      }
      character = (character << 6) | (c & 0x3f);
      at++;
    }
    int least = more == 3 ? 0x10000 : more == 2 ? 0x800 : 0x80;
    if (lead < 0xc2
        || lead > 0xf4
        || character < least
        || character > Character.MAX_CODE_POINT
        || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE)) {
      throw fault.at(begin, "is not UTF-8 here");
    }
    return character;
  }
}
