package bailey.bench;

import bailey.core.container.Task;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Turns what JMH has measured of the model into a table, and measures its size. */
public final class ModelTable {
  private static final double WANTED = 2;
  private static final int MANY = 1_000_000;

  private ModelTable() {}

  /** The repository, and JMH's file of comma-separated values. */
  public static void main(String[] arguments) throws IOException {
    var csv = Path.of(arguments[1]);
    var text = new StringBuilder();
    text.append(LocalDate.now(ZoneOffset.UTC)).append(", ").append(Circumstances.machine());
    text.append("\n\n| deep | containers | tasks | access, ns |")
        .append(" charge, uncharge | fork, exit | attach |\n")
        .append("|---:|---:|---:|---:|---:|---:|---:|\n");
    rows(csv, "ModelBenchmark").forEach((forest, nanos) -> text.append(model(forest, nanos)));
    text.append("\n| deep | containers | tasks | fork, exit by number | attach by path |\n")
        .append("|---:|---:|---:|---:|---:|\n");
    rows(csv, "FakeKernelBenchmark").forEach((forest, nanos) -> text.append(fake(forest, nanos)));
    text.append("\n| target, bytes at most | wanted | measured | |\n|---|---:|---:|---|\n");
    double container = bytesOfAContainer();
    text.append(Results.target("a container with two limits", 400, container, container < 400));
    double task = bytesOfATask();
    text.append(Results.target("a task", 100, task, task < 100));
    new Results(Path.of(arguments[0], "docs/benchmarks.md")).put("model", text.toString());
  }

  /** Nanoseconds by forest and by operation. */
  private static Map<String, Map<String, Double>> rows(Path csv, String benchmark)
      throws IOException {
    var rows = new LinkedHashMap<String, Map<String, Double>>();
    for (var line : Files.readAllLines(csv)) {
      var cells = line.replace("\"", "").split(",", -1);
      if (cells[0].contains("." + benchmark + ".")) {
        rows.computeIfAbsent(cells[cells.length - 1], _ -> new LinkedHashMap<>())
            .put(cells[0].replaceFirst(".*\\.", ""), Double.parseDouble(cells[4]));
      }
    }
    return rows;
  }

  private static String model(String forest, Map<String, Double> nanos) {
    return row(forest)
        + String.format(Locale.ROOT, " %.1f |", nanos.getOrDefault("access", Double.NaN))
        + millions(nanos, "charge", "fork", "attach");
  }

  private static String fake(String forest, Map<String, Double> nanos) {
    return row(forest) + millions(nanos, "fork", "attach");
  }

  private static String row(String forest) {
    var text = new StringBuilder("|");
    for (var number : forest.split(":", -1)) {
      text.append(String.format(Locale.ROOT, " %,d |", Integer.parseInt(number)));
    }
    return text.toString();
  }

  private static String millions(Map<String, Double> nanos, String... operations) {
    var text = new StringBuilder();
    for (var operation : operations) {
      double millions = 1000 / nanos.getOrDefault(operation, Double.NaN);
      text.append(' ').append(millions(millions)).append(" |");
    }
    return text.append('\n').toString();
  }

  private static String millions(double value) {
    var number = String.format(Locale.ROOT, "%.1f", value);
    return value < WANTED ? "**" + number + "**" : number;
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Each with a set and its part of the tables, without the task that is in it. */
  private static double bytesOfAContainer() {
    var machine = Forest.machine();
    var init = Objects.requireNonNull(machine.start(1));
    var tasks = new Task[MANY];
    Arrays.setAll(tasks, i -> machine.fork(init, i + 2));
    var root = machine.defaultHierarchy().root();
    long before = used();
    try {
      for (int i = 0; i < MANY; i++) {
        var container = root.create("job" + i);
        Forest.limit(container, machine.index("memory"));
        Forest.limit(container, machine.index("pids"));
        machine.attach(tasks[i], container);
      }
      return (double) (used() - before) / MANY;
    } finally {
      Reference.reachabilityFence(tasks);
    }
  }

  private static double bytesOfATask() {
    var machine = Forest.machine();
    var init = Objects.requireNonNull(machine.start(1));
    long before = used();
    try {
      for (int i = 0; i < MANY; i++) {
        Objects.requireNonNull(machine.fork(init, i + 2)); // the model keeps it
      }
      return (double) (used() - before) / MANY;
    } finally {
      Reference.reachabilityFence(machine);
    }
  }
}
