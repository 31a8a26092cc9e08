package bailey.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Resident memory of the processes that look after containers. */
final class Footprint {
  private static final Pattern NUMBER = Pattern.compile("\"pid\": *([0-9]+)");

  /** Commands that a planner answers before its memory is looked at. */
  private static final int COMMANDS = 20;

  private final Library library;
  private final String program;
  private final Path state;

  /**
   * Of this machine.
   *
   * @param program bailey
   * @param state a directory that does not exist, for a planner of its own
   */
  Footprint(Library library, String program, Path state) {
    this.library = library;
    this.program = program;
    this.state = state;
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
    double planner = planner() / 1024.0;
    return "| target | wanted | measured | |\n|---|---:|---:|---|\n"
        + Results.target(
            "supervisor of a detached container, kB of RSS",
            200,
            (double) supervisor,
            supervisor < 200)
        + "| executor of a JVM, no container live, kB of RSS | | "
        + executor
        + " | |\n"
        + Results.target("planner that nobody has asked for 5 s, MB", 60, planner, planner < 60);
  }

  private long planner() throws IOException {
    try {
      for (int i = 0; i < COMMANDS; i++) {
        var _ = output(program, "run", "--", "/bin/true");
        var _ = output(program, "ls");
      }
      var _ = output("sleep", "5");
      var status = NUMBER.matcher(output(program, "serve", "--status", "--json"));
      if (!status.find()) {
        throw new IllegalStateException(program + ": there is no planner");
      }
      var _ = output("sleep", "5"); // to ask for its number was a call as well
      return resident(Long.parseLong(status.group(1)));
    } finally {
      var _ = output(program, "serve", "--stop");
      var _ = output("rm", "-rf", state.toString());
    }
  }

  private String output(String... words) throws IOException {
    var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("BAILEY_STATE", state.toString());
    var process = builder.start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            String.join(" ", words) + ": ended with status " + process.exitValue());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return text;
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
