package bailey.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Measures what bench/run asks for. */
public final class Main {
  private static final int CONTAINERS = 2000;

  private Main() {}

  /**
   * Of the repository at {@code arguments[0]}, with {@code arguments[1]} rounds, the parts that are
   * named after them: comparison, throughput, footprint.
   */
  public static void main(String[] arguments) throws IOException {
    var home = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    var parts = List.of(arguments).subList(2, arguments.length);
    var results = new Results(home.resolve("docs/benchmarks.md"));
    var state = Path.of("/run/bailey-bench-" + ProcessHandle.current().pid());
    Files.createDirectory(state);
    try (var bundle = Bundle.make(home.resolve("bench/target/native"));
        var library = new Library(state, bundle.root())) {
      results.put("circumstances", Circumstances.text());
      if (parts.contains("comparison")) {
        var comparison = new Comparison(bundle, library, launcher(home));
        results.put("comparison", Comparison.text(comparison.run(rounds)));
      }
      if (parts.contains("throughput")) {
        results.put("throughput", new Throughput(library).text(CONTAINERS));
      }
      if (parts.contains("footprint")) {
        results.put("footprint", new Footprint(library).text());
      }
    } finally {
      remove(state);
    }
  }

  private static Optional<File> launcher(Path home) {
    boolean built = Files.exists(home.resolve("cli/target/dist/lib/built"));
    return built ? Optional.of(home.resolve("bailey").toFile()) : Optional.empty();
  }

  private static void remove(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
