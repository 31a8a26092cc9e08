package bailey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Turns what JMH has measured into a table. */
public final class PlanTable {
  private static final double MOST = 100;
  private static final String MEDIAN = "p0.50";

  private PlanTable() {}

  /** The repository, and JMH's file of comma-separated values. */
  public static void main(String[] arguments) throws IOException {
    var text = new StringBuilder("| target, us warm | wanted | median | |\n|---|---:|---:|---|\n");
    for (var line : Files.readAllLines(Path.of(arguments[1]))) {
      var cells = line.replace("\"", "").split(",", -1);
      if (!cells[0].endsWith(MEDIAN)) {
        continue;
      }
      String what = cells[0].split(":", 2)[0].replaceFirst(".*\\.", "");
      double micros = Double.parseDouble(cells[4]);
      String row = what + ", container: " + cells[cells.length - 1];
      text.append(
          what.equals("compile")
              ? Results.target(row, MOST, micros, micros < MOST)
              : "| " + row + " | | " + Results.number(micros) + " | |\n");
    }
    new Results(Path.of(arguments[0], "docs/benchmarks.md")).put("plan", text.toString());
  }
}
