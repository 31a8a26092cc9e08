package bailey.oci.json;

import java.util.Optional;

/**
 * Where in a document a value is.
 *
 * @param path such as {@code linux.devices[2].path}; empty for the whole
 * @param offset of its first character
 */
public record JsonPlace(String path, int offset) {
  /** The place of a value inside, for its path only. */
  public JsonPlace child(String name) {
    var longer = new StringBuilder(path);
    append(longer, name);
    return new JsonPlace(longer.toString(), offset);
  }

  /** How much of a value an error shows. */
  private static final int SHOWN = 60;

  /** {@code ; line 61, column 5} of what is at {@code offset}; columns from 1. */
  static String line(String document, int offset) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < offset && i < document.length(); i++) {
      char c = document.charAt(i);
      if (c == '\n') {
        line++;
        column = 1;
      } else if (!Character.isLowSurrogate(c)) {
        column++;
      }
    }
    return "; line " + line + ", column " + column;
  }

  /**
   * Where the value of {@code path} is in a document that was read before: {@code line 61, column
   * 5}. For errors that only turn up later.
   */
  public static Optional<String> of(byte[] document, String path) {
    var reader = new JsonReader(document);
    int offset = reader.find(path);
    return offset < 0 ? Optional.empty() : Optional.of(reader.line(offset).substring(2));
  }

  /** Appends a name to a path: {@code .name}, or {@code ["na.me"]}. */
  static void append(StringBuilder path, String name) {
    boolean plain = !name.isEmpty();
    for (int i = 0; i < name.length() && plain; i++) {
      char c = name.charAt(i);
      plain = c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }
    if (plain) {
      path.append(path.isEmpty() ? "" : ".").append(name);
    } else {
      path.append('[').append(shown(name)).append(']');
    }
  }

  /** A string as an error shows it: in quotes, on one line, not endless. */
  public static String shown(String value) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < value.length() && i < SHOWN; i++) {
      char c = value.charAt(i);
      out.append(Character.isISOControl(c) ? '?' : c);
    }
    return out.append(value.length() > SHOWN ? "...\"" : "\"").toString();
  }

  /** A number as an error shows it: not endless. */
  static String cut(String number) {
    return number.length() > SHOWN ? number.substring(0, SHOWN) + "..." : number;
  }
}
