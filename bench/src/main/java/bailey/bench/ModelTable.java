package bailey.bench;

import bailey.core.container.Task;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Turns what JMH has measured of the model into a table, and measures its size. */
public final class ModelTable {
  /**
   * Millions of operations a second; a charge and its return are two, a fork and an exit as well.
   */
  private static final double WANTED = 2;

  private static final int MANY = 1_000_000;
  private static final String BENCHMARK = "# Benchmark: bailey.bench.";
  private static final String FOREST = "# Parameters: (forest = ";

  private ModelTable() {}

  /** The repository, and what JMH has printed. */
  public static void main(String[] arguments) throws IOException {
    var log = Files.readAllLines(Path.of(arguments[1]));
    var text = new StringBuilder();
    text.append(LocalDate.now(ZoneOffset.UTC)).append(", ").append(Circumstances.machine());
    text.append("\n\n| deep | containers | tasks | access, ns |")
        .append(" charge and return | fork and exit | attach |\n")
        .append("|---:|---:|---:|---:|---:|---:|---:|\n");
    rows(log, "ModelBenchmark").forEach((forest, nanos) -> text.append(model(forest, nanos)));
    text.append("\n| deep | containers | tasks | fork and exit by number | attach by path |\n")
        .append("|---:|---:|---:|---:|---:|\n");
    rows(log, "FakeKernelBenchmark").forEach((forest, nanos) -> text.append(fake(forest, nanos)));
    text.append("\n| target, bytes at most | wanted | measured | |\n|---|---:|---:|---|\n");
    double container = bytesOfAContainer();
    text.append(Results.target("a container with two limits", 400, container, container < 400));
    double task = bytesOfATask();
    text.append(Results.target("a task", 100, task, task < 100));
    new Results(Path.of(arguments[0], "docs/benchmarks.md")).put("model", text.toString());
  }

  /**
   * Nanoseconds by forest and by operation: the median of the iterations, because a mean is as much
   * that of whatever else the machine does.
   */
  private static Map<String, Map<String, Double>> rows(List<String> log, String benchmark) {
    var rows = new LinkedHashMap<String, Map<String, Double>>();
    var iterations = new ArrayList<Double>();
    String operation = "";
    String forest = "";
    for (var line : log) {
      if (line.startsWith(BENCHMARK)) {
        operation = line.substring(BENCHMARK.length());
      } else if (line.startsWith(FOREST)) {
        forest = line.substring(FOREST.length(), line.length() - 1);
      } else if (line.startsWith("Iteration ")) {
        iterations.add(Double.parseDouble(line.split("[: ]+", -1)[2]));
      } else if (line.startsWith("Result ")) {
        if (operation.startsWith(benchmark + ".")) {
          rows.computeIfAbsent(forest, _ -> new LinkedHashMap<>())
              .put(operation.substring(benchmark.length() + 1), median(iterations));
        }
        iterations.clear();
      }
    }
    return rows;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
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
      var number = String.format(Locale.ROOT, "%.1f", millions);
      double wanted = operation.equals("attach") ? WANTED : WANTED / 2;
      text.append(' ').append(millions < wanted ? "**" + number + "**" : number).append(" |");
    }
    return text.append('\n').toString();
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
