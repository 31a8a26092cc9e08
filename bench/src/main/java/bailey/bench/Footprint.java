package bailey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Resident memory of the processes that look after containers. */
final class Footprint {
  private final Library library;

  Footprint(Library library) {
    this.library = library;
  }

  /** Measures it. */
  String text() throws IOException {
    long supervisor;
    try (var detached = library.detached()) {
      var first = ProcessHandle.of(detached.pid().orElseThrow()).orElseThrow();
      supervisor = resident(first.parent().orElseThrow().pid());
    }
    library.run(UnaryOperator.identity());
    long executor = resident(library.executor());
    return "| target | wanted | measured | |\n|---|---:|---:|---|\n"
        + Results.target(
            "supervisor of a detached container, kB of RSS",
            200,
            (double) supervisor,
            supervisor < 200)
        + "| executor of a JVM, no container live, kB of RSS | | "
        + executor
        + " | |\n";
  }

  /** Rss of /proc/PID/smaps_rollup, kB. */
  static long resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
        .filter(line -> line.startsWith("Rss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
