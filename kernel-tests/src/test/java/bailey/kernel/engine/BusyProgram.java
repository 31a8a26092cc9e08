package bailey.kernel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A running busy.c: a process that makes new tasks as fast as it can. */
final class BusyProgram implements AutoCloseable {
  private final Process process;
  private final Path counter;

  private BusyProgram(Process process, Path counter) {
    this.process = process;
    this.counter = counter;
  }

  /** The compiled program. */
  static Path build(Path folder) throws IOException, InterruptedException {
    var source =
        Path.of(
            System.getProperty("bailey.home"),
            "kernel-tests/src/test/java/bailey/kernel/engine/busy.c");
    var binary = folder.resolve("busy");
    var gcc =
        new ProcessBuilder(
                "gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", binary.toString())
            .inheritIO();
    gcc.command().add(source.toString());
    assertThat(gcc.start().waitFor()).as("gcc " + source).isZero();
    return binary;
  }

  /** Starts it, and waits until it has made some. */
  static BusyProgram start(Path binary, String mode) throws IOException {
    var counter = binary.resolveSibling("made-" + mode);
    var process =
        new ProcessBuilder(binary.toString(), mode, counter.toString()).inheritIO().start();
    var busy = new BusyProgram(process, counter);
    while (process.isAlive() && busy.made() < 100) {
      Thread.onSpinWait();
    }
    assertThat(process.isAlive()).isTrue();
    return busy;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** How many tasks it has made. */
  long made() throws IOException {
    if (!counter.toFile().exists() || counter.toFile().length() < 8) {
      return 0;
    }
    try (var file = new RandomAccessFile(counter.toFile(), "r")) {
      return Long.reverseBytes(file.readLong());
    }
  }

  /** Kills it, and with it its children. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("busy " + pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
