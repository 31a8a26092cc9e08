package bailey.kernel.readme;

import java.util.ArrayList;
import java.util.List;

/**
 * A fenced code block of a Markdown page.
 *
 * @param language after the opening fence; empty if there is none
 * @param reader who types it: what the comment {@code <!-- as READER -->} directly before the block
 *     says; empty if there is none
 * @param line number of its first line in the page, from 1
 * @param lines between the fences
 */
record Fence(String language, String reader, int line, List<String> lines) {
  private static final String FENCE = "```";
  private static final String READER = "<!-- as ";
  private static final String END = " -->";

  Fence {
    lines = List.copyOf(lines);
  }

  /**
   * All blocks of a page, in order.
   *
   * @throws IllegalArgumentException if the last one is not closed
   */
  static List<Fence> all(String page) {
    var fences = new ArrayList<Fence>();
    var lines = page.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith(FENCE)) {
        continue;
      }
      int end = i + 1;
      while (end < lines.size() && !lines.get(end).equals(FENCE)) {
        end++;
      }
      if (end == lines.size()) {
        throw new IllegalArgumentException("line " + (i + 1) + ": this block has no end");
      }
      fences.add(
          new Fence(
              lines.get(i).substring(FENCE.length()).strip(),
              i == 0 ? "" : reader(lines.get(i - 1)),
              i + 2,
              lines.subList(i + 1, end)));
      i = end;
    }
    return fences;
  }

  private static String reader(String before) {
    return before.startsWith(READER) && before.endsWith(END)
        ? before.substring(READER.length(), before.length() - END.length())
        : "";
  }
}
