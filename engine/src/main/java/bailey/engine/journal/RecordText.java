package bailey.engine.journal;

import bailey.core.error.StateDamaged;
import bailey.core.kept.EndMark;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Keys and values as text in the form of {@link Properties}, in ASCII, with an end mark ({@link
 * EndMark}). A text that was cut short, whose end is that of another, or that somebody edited is
 * told from a whole one.
 */
final class RecordText {
  private RecordText() {}

  /** The text of {@code entries}, in their order. */
  static String write(Map<String, String> entries) {
    var text = new StringBuilder();
    entries.forEach(
        (key, value) -> {
          escape(text, key);
          text.append('=');
          escape(text, value);
          text.append('\n');
        });
    return text.append(mark(text.toString())).toString();
  }

  private static String mark(String text) {
    return EndMark.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void escape(StringBuilder to, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> to.append("\\n");
        case '\r' -> to.append("\\r");
        case '\t' -> to.append("\\t");
        case '\\', '=', ':', '#', '!', ' ' -> to.append('\\').append(c);
        default -> {
          if (c > ' ' && c < 0x7f) {
            to.append(c);
          } else {
            to.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          }
        }
      }
    }
  }

  /**
   * The entries of a whole text.
   *
   * @throws StateDamaged if it is not whole; the sentence is about {@code path}
   */
  static Map<String, String> read(String path, String text) {
    int mark = text.lastIndexOf(EndMark.TEXT);
    if (mark < 0 || !text.substring(mark).equals(mark(text.substring(0, mark)))) {
      throw new StateDamaged(
          "reading "
              + path
              + " failed: it has "
              + text.length()
              + " bytes and is cut short or was changed");
    }
    return entries(path, text.substring(0, mark));
  }

  /** The entries of the whole lines at the beginning of a text that may be cut short. */
  static Map<String, String> readBeginning(String path, String text) {
    return entries(path, text.substring(0, text.lastIndexOf('\n') + 1));
  }

  private static Map<String, String> entries(String path, String lines) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(lines));
    } catch (IOException | IllegalArgumentException e) {
      throw new StateDamaged("reading " + path + " failed: " + e.getMessage(), e);
    }
    var entries = new LinkedHashMap<String, String>();
    properties.stringPropertyNames().forEach(key -> entries.put(key, properties.getProperty(key)));
    return entries;
  }
}
