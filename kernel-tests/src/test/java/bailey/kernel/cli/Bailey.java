package bailey.kernel.cli;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the built program. */
final class Bailey {
  /** The launcher in the checkout. */
  static final Path LAUNCHER = Path.of(System.getProperty("bailey.home"), "bailey");

  /**
   * Shows the program inside, where it may be hidden else: each container has a /tmp of its own.
   */
  static final List<String> SHOWN =
      List.of("--bind", LAUNCHER.getParent() + ":/mnt:ro", "--env", "BAILEY=/mnt/bailey");

  /** A hanging command is a failure, but slow machines emulate others: no time is measured here. */
  private static final long PATIENCE_SECONDS = Integer.getInteger("bailey.patience", 300);

  /** Whether a planner stays from one command to the next; {@link Planners} ends it. */
  static final Map<String, String> SERVING =
      Map.of("BAILEY_SERVE", System.getProperty("bailey.serve", "on"), "BAILEY_IDLE", "1m");

  private static final long PID = ProcessHandle.current().pid();
  private static int names;

  private Bailey() {}

  /**
   * What came of a command.
   *
   * @param status its exit status
   * @param bytes its standard output, a character for each byte
   * @param err its standard error
   */
  record Result(int status, String bytes, String err) {
    /** Standard output as text. */
    String out() {
      return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Standard output as JSON. */
    Object json() {
      return JsonTree.parse(out());
    }
  }

  /** A name for a container that nobody else uses. */
  static synchronized String name() {
    return "test-cli-" + PID + "-" + ++names;
  }

  /** Runs it to its end, with nothing to read. */
  static Result run(String... arguments) {
    return run("", List.of(arguments));
  }

  /** Runs it to its end, with {@code input} to read. */
  static Result run(String input, List<String> arguments) {
    var words = new ArrayList<String>();
    words.add(LAUNCHER.toString());
    words.addAll(arguments);
    return program(input, words, Map.of());
  }

  /** Runs a shell script in which {@code $BAILEY} is the program. */
  static Result shell(String script) {
    return program("", List.of("bash", "-c", script), Map.of("BAILEY", LAUNCHER.toString()));
  }

  /** Starts it; its output is for the caller to read. */
  static Process start(String... arguments) {
    return start(Map.of(), arguments);
  }

  /** The same with further variables. */
  static Process start(Map<String, String> environment, String... arguments) {
    var words = new ArrayList<String>();
    words.add(LAUNCHER.toString());
    words.addAll(List.of(arguments));
    return start(words, environment);
  }

  /** For tests of limits, figures and freezing. */
  static void requireGroups() {
    KernelAbility.require(
        KernelProbe.features().cgroups().base().isPresent(), "control groups for this user");
  }

  private static Process start(List<String> words, Map<String, String> environment) {
    KernelAbility.require(Files.isExecutable(LAUNCHER), "the built program");
    var builder = new ProcessBuilder(words);
    builder.environment().putAll(SERVING);
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs any program to its end. */
  static Result program(String input, List<String> words, Map<String, String> environment) {
    var process = start(words, environment);
    var out = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
    var err = CompletableFuture.supplyAsync(() -> readAll(process.getErrorStream()));
    try (var to = process.getOutputStream()) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) { // it does not want to read
    }
    return new Result(
        await(process, words),
        new String(out.join(), StandardCharsets.ISO_8859_1),
        new String(err.join(), StandardCharsets.UTF_8));
  }

  /** The exit status of a process, which must end. */
  static int await(Process process, Object what) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(what + " did not end", new TimeoutException());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] readAll(InputStream in) {
    var bytes = new ByteArrayOutputStream();
    try (in) {
      in.transferTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
