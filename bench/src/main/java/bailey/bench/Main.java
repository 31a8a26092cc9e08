package bailey.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Measures what bench/run asks for. */
public final class Main {
  private static final int CONTAINERS = 2000;

  /** Where bailey keeps its records; in memory on most machines. */
  private static final Path RUN = Path.of("/run");

  private static final Path SHM = Path.of("/dev/shm");

  private Main() {}

  /**
   * Of the repository at {@code arguments[0]}, with {@code arguments[1]} rounds, the parts that are
   * named after them: comparison, oci, throughput, footprint, views, containerfs.
   */
  public static void main(String[] arguments) throws IOException {
    var home = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    var parts = List.of(arguments).subList(2, arguments.length);
    var results = new Results(home.resolve("docs/benchmarks.md"));
    var number = ProcessHandle.current().pid();
    boolean volatileRun = isMemory(RUN);
    try (var bundle = Bundle.make(home.resolve("bench/target/native"));
        var library = library(volatileRun ? RUN : SHM, bundle, number);
        var disk = volatileRun ? null : library(RUN, bundle, number)) {
      results.put("circumstances", Circumstances.text());
      if (parts.contains("comparison")) {
        var comparison = new Comparison(bundle, library, Optional.ofNullable(disk), program(home));
        results.put("comparison", Comparison.text(comparison.run(rounds)));
      }
      if (parts.contains("oci")) {
        results.put("oci", oci(home, bundle, rounds));
      }
      if (parts.contains("throughput")) {
        results.put("throughput", new Throughput(library, bundle).text(CONTAINERS));
      }
      if (parts.contains("footprint")) {
        results.put(
            "footprint",
            new Footprint(
                    library,
                    program(home).orElseThrow().toString(),
                    (volatileRun ? RUN : SHM).resolve("bailey-bench-planner-" + number))
                .text());
      }
      if (parts.contains("views")) {
        results.put("views", new Views(bundle, program(home).orElseThrow()).text());
      }
      if (parts.contains("containerfs")) {
        results.put(
            "containerfs",
            ContainerFiles.text(
                bundle,
                program(home).orElseThrow().toString(),
                (volatileRun ? RUN : SHM).resolve("bailey-bench-files-" + number)));
      }
    }
  }

  private static String oci(Path home, Bundle bundle, int rounds) throws IOException {
    var bailey = home.resolve("cli/target/dist/bin/bailey-oci").toString();
    var payload = Comparison.find("busybox").map(Path::of);
    try (var bundles =
        OciBundle.make(
            SHM,
            Comparison.find("runc").orElse(bailey),
            payload.orElse(Path.of(bundle.program("true"))))) {
      return new OciRuntimes(bundle, bundles, bailey).text(rounds);
    }
  }

  private static boolean isMemory(Path directory) throws IOException {
    return Files.getFileStore(directory).type().equals("tmpfs");
  }

  private static Library library(Path parent, Bundle bundle, long number) {
    return new Library(parent.resolve("bailey-bench-" + number), bundle.root());
  }

  private static Optional<File> program(Path home) {
    boolean built = Files.exists(home.resolve("cli/target/dist/lib/built"));
    return built
        ? Optional.of(home.resolve("cli/target/dist/bin/bailey").toFile())
        : Optional.empty();
  }
}
