package bailey.kernel.readme;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A command in a console block and what the page says that it prints.
 *
 * @param line number of the command in the page
 * @param command what is typed, perhaps several lines
 * @param expected lines of output. {@code [...]} in a line stands for any text, alone in a line for
 *     any lines, also none
 */
record Exchange(int line, String command, List<String> expected) {
  private static final String PROMPT = "$ ";
  private static final String CONTINUED = "> ";
  private static final String ANYTHING = "[...]";

  Exchange {
    expected = List.copyOf(expected);
  }

  /**
   * What a console block shows: each line that begins with {@code "$ "} is a command; while one
   * ends with a backslash the next line, which begins with {@code "> "}, belongs to it.
   *
   * @throws IllegalArgumentException if it begins with output
   */
  static List<Exchange> of(Fence fence) {
    var exchanges = new ArrayList<Exchange>();
    var lines = fence.lines();
    for (int i = 0; i < lines.size(); ) {
      int line = fence.line() + i;
      if (!lines.get(i).startsWith(PROMPT)) {
        throw new IllegalArgumentException("line " + line + ": there is no command before this");
      }
      var command = new StringBuilder(lines.get(i++).substring(PROMPT.length()));
      while (command.toString().endsWith("\\")
          && i < lines.size()
          && lines.get(i).startsWith(CONTINUED)) {
        command.append('\n').append(lines.get(i++).substring(CONTINUED.length()));
      }
      int from = i;
      while (i < lines.size() && !lines.get(i).startsWith(PROMPT)) {
        i++;
      }
      exchanges.add(new Exchange(line, command.toString(), lines.subList(from, i)));
    }
    return exchanges;
  }

  /**
   * Whether that is what the page says. How many blanks there are does not count, as the width of
   * columns depends on what is in them.
   */
  boolean shows(List<String> output) {
    return shows(0, output, 0);
  }

  private boolean shows(int at, List<String> output, int from) {
    if (at == expected.size()) {
      return from == output.size();
    }
    if (expected.get(at).equals(ANYTHING)) {
      return shows(at + 1, output, from) || (from < output.size() && shows(at, output, from + 1));
    }
    return from < output.size()
        && line(expected.get(at)).matcher(blanks(output.get(from))).matches()
        && shows(at + 1, output, from + 1);
  }

  private static Pattern line(String expected) {
    return Pattern.compile(
        Arrays.stream(blanks(expected).split(Pattern.quote(ANYTHING), -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  private static String blanks(String line) {
    return line.stripTrailing().replaceAll(" +", " ");
  }
}
