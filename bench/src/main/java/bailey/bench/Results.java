package bailey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The tables of docs/benchmarks.md, each between two comments that carry its name. */
final class Results {
  private final Path file;

  /** In a file that has the comments. */
  Results(Path file) {
    this.file = file;
  }

  /** A row of a table of targets. */
  static String target(String what, double wanted, double measured, boolean met) {
    return "| "
        + what
        + " | "
        + number(wanted)
        + " | "
        + number(measured)
        + " | "
        + (met ? "met" : "**missed**")
        + " |\n";
  }

  static String number(double value) {
    return value < 10
        ? String.format(Locale.ROOT, "%.2f", value)
        : String.format(Locale.ROOT, "%.0f", value);
  }

  /** Puts {@code text} in the place of {@code name}. */
  void put(String name, String text) throws IOException {
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- end of " + name + " -->";
    String all = Files.readString(file);
    int from = all.indexOf(begin);
    int to = all.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException(file + " has no place for " + name);
    }
    Files.writeString(file, all.substring(0, from + begin.length()) + text + all.substring(to));
    System.out.println(text);
  }
}
