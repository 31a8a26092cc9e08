package bailey.core.subsystem;

import java.util.LinkedHashMap;
import java.util.Map;

/** Texts of control group files as the kernel prints them, taken apart. */
final class KernelTable {
  private KernelTable() {}

  /** The text of a file that was read. */
  static String text(Map<String, String> texts, String file) {
    var text = texts.get(file);
    if (text == null) {
      throw new IllegalStateException(file + " was not read");
    }
    return text;
  }

  /** Lines {@code KEY VALUE} in their order. */
  static Map<String, String> flat(String file, String text) {
    var table = new LinkedHashMap<String, String>();
    for (var line : text.lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (space < 1) {
        throw new IllegalStateException(file + " says " + line + ", which is no KEY VALUE");
      }
      table.put(line.substring(0, space), line.substring(space + 1));
    }
    return table;
  }

  /** The value of {@code key} among lines {@code KEY VALUE}. */
  static String value(String file, String text, String key) {
    var value = flat(file, text).get(key);
    if (value == null) {
      throw new IllegalStateException(file + " has no line " + key);
    }
    return value;
  }

  /** Lines {@code KEY VALUE} again. */
  static String print(Map<String, String> table) {
    var text = new StringBuilder();
    table.forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
    return text.toString().stripTrailing();
  }

  /** A number that the kernel printed, not negative. */
  static long number(String file, String text) {
    try {
      long number = Long.parseUnsignedLong(text.strip());
      if (number < 0) {
        throw new IllegalStateException(file + " says " + text + ", which is above 2^63");
      }
      return number;
    } catch (NumberFormatException e) {
      throw new IllegalStateException(file + " says " + text + ", which is no number", e);
    }
  }

  /** Nanoseconds that the kernel printed, in microseconds. */
  static String micros(String file, String nanos) {
    return Long.toString(number(file, nanos) / 1000);
  }
}
