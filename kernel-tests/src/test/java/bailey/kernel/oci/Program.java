package bailey.kernel.oci;

import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, with nothing to read, what it writes going to files. */
final class Program {
  /** A hanging command is a failure, but slow machines emulate others: no time is measured here. */
  private static final long PATIENCE_SECONDS = Integer.getInteger("bailey.patience", 300);

  private Program() {}

  /** What came of it. */
  record Result(int status, String out, String err) {}

  /** Whether a program is there, along the usual path. */
  static boolean isThere(String name) {
    return List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }

  /** Skips the test where a program is not there. */
  static void require(String name) {
    KernelAbility.require(isThere(name), "the program " + name);
  }

  /** Runs it in a directory. */
  static Result run(Path directory, List<String> words) {
    return run(directory, words, Map.of());
  }

  /** Runs it in a directory, with variables besides those of the test's own. */
  static Result run(Path directory, List<String> words, Map<String, String> environment) {
    try {
      var out = Files.createTempFile("bailey-test", ".out");
      var err = Files.createTempFile("bailey-test", ".err");
      try {
        // not to pipes: a container that is left to itself would keep them open
        var builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        var process =
            builder
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(Redirect.to(out.toFile()))
                .redirectError(Redirect.to(err.toFile()))
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(words + " did not end: " + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
