package bailey.containerfs.view;

import java.util.HashMap;
import java.util.Map;

/**
 * Numbers by their names, as many files of control groups have them: a line for each, {@code
 * inactive_file 4096}. Lines of another form are passed over.
 */
record Figures(Map<String, Long> all) {
  /** What stands for no limit. */
  static final long NONE = Long.MAX_VALUE;

  private static final int RADIX = 10;

  /** Those of a text. */
  static Figures parse(String text) {
    var all = new HashMap<String, Long>();
    int from = 0;
    while (from < text.length()) {
      int end = end(text, from);
      int space = text.indexOf(' ', from);
      if (space > from && space < end) {
        long value = number(text, space + 1, end);
        if (value >= 0) {
          all.put(text.substring(from, space), value);
        }
      }
      from = end + 1;
    }
    return new Figures(all);
  }

  private static int end(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  /** The digits of a part of a text; -1 where it has others, or too many. */
  private static long number(String text, int from, int to) {
    if (from >= to || to - from > 18) {
      return to - from > 18 && Character.isDigit(text.charAt(from)) ? NONE : -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(text.charAt(i), RADIX);
      if (digit < 0) {
        return -1;
      }
      value = value * RADIX + digit;
    }
    return value;
  }

  /** One number, {@code max} for none; 0 where it is something else. */
  static long one(String text) {
    var word = text.strip();
    return word.equals("max") ? NONE : Math.max(0, number(word, 0, word.length()));
  }

  /** The one of a name; 0 where there is none. */
  long get(String name) {
    return all.getOrDefault(name, 0L);
  }

  /** The first that there is of several names; 0 where there is none. */
  long first(String name, String otherwise) {
    return all.containsKey(name) ? get(name) : get(otherwise);
  }
}
