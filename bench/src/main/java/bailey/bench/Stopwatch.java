package bailey.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command that a small native program starts and times (stopwatch.c): a JVM's own way to start a
 * process costs more than some of what is measured.
 */
final class Stopwatch implements Subject {
  private static final String WITHOUT_HYBRID =
      "if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi; exec"
          + " \"$@\"";

  private final String name;
  private final Process process;

  private Stopwatch(
      String name, Path directory, List<String> command, Map<String, String> environment) {
    this.name = name;
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command, run as a process of its own each time. */
  static Stopwatch of(String name, Bundle bundle, List<String> command) {
    return of(name, bundle, command, Map.of());
  }

  /**
   * As {@link #of(String, Bundle, List)}.
   *
   * @param environment of the command, beside this process's
   */
  static Stopwatch of(
      String name, Bundle bundle, List<String> command, Map<String, String> environment) {
    var words = new ArrayList<String>();
    words.add(bundle.program("stopwatch"));
    words.addAll(command);
    return new Stopwatch(name, bundle.directory(), words, environment);
  }

  /**
   * As {@link #of}, where cgroup2 is not mounted beside cgroup v1: crun refuses a machine whose
   * cgroup2 mount has a controller then, even if it shall use no cgroups.
   */
  static Stopwatch withoutHybrid(String name, Bundle bundle, List<String> command) {
    var words = new ArrayList<String>();
    words.addAll(List.of("unshare", "--mount", "sh", "-c", WITHOUT_HYBRID, "sh"));
    words.add(bundle.program("stopwatch"));
    words.addAll(command);
    return new Stopwatch(name, bundle.directory(), words, Map.of());
  }

  /** A program that itself answers as stopwatch.c does. */
  static Stopwatch resident(String name, Bundle bundle, List<String> command) {
    return new Stopwatch(name, bundle.directory(), command, Map.of());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long run() {
    try {
      process.getOutputStream().write(1);
      process.getOutputStream().flush();
      var answer = new DataInputStream(process.getInputStream());
      long nanos = Long.reverseBytes(answer.readLong());
      long status = Long.reverseBytes(answer.readLong());
      if (status != 0) {
        throw new IllegalStateException(name + ": ended with wait status " + status);
      }
      return nanos;
    } catch (IOException e) {
      throw new IllegalStateException(name + ": its stopwatch ended", e);
    }
  }

  /** Runs it this once. */
  void runAndClose() {
    try {
      run();
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
