package bailey.kernel.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The daemon of an engine, in network and mount namespaces of its own: what it mounts, the bridges
 * that it makes and what it keeps in /run are gone with it. Only loopback is up there.
 */
final class Daemon implements AutoCloseable {
  private static final int TRIES = 2000;

  private static final String START =
      """
      mount --make-rprivate / && mount -t tmpfs run /run && ip link set lo up && exec "$@"
      """;

  private final @Nullable PrivatePlanner planner;
  private final Process process;
  private final Path log;
  private final String group;

  /**
   * Starts it and waits for it.
   *
   * @param directory where it may write, for its log
   * @param group the control group that its containers are in, removed at the end
   * @param serve whether there is a planner that stays: {@code on} or {@code off}
   * @param words the program and its arguments
   * @param answers whether it can be asked
   */
  Daemon(Path directory, String group, String serve, List<String> words, BooleanSupplier answers)
      throws IOException {
    this.group = group;
    planner = serve.equals("on") ? new PrivatePlanner() : null;
    log = directory.resolve("daemon.log");
    var command =
        Stream.concat(
                Stream.of("unshare", "--net", "--mount", "sh", "-c", START, "sh"), words.stream())
            .toList();
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .putAll(planner == null ? Map.of("BAILEY_SERVE", "off") : planner.environment());
    process =
        builder
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start();
    try {
      await("it answers", answers);
    } catch (RuntimeException e) {
      end();
      throw e;
    }
  }

  /** Asks until it is so; each question takes some time, and the daemon must be there. */
  void await(String what, BooleanSupplier question) {
    for (int i = 0; i < TRIES && process.isAlive(); i++) {
      if (question.getAsBoolean()) {
        return;
      }
    }
    throw new IllegalStateException(what + ": it did not come to that; " + tail());
  }

  private String tail() {
    try {
      var lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it, and what it started; first the planner, which must have been there. */
  @Override
  public void close() {
    try {
      if (planner != null) {
        var way = List.of("nsenter", "--target", Long.toString(process.pid()), "--mount", "--net");
        planner.close(way); // one that a shim has started ends with the daemon
      }
    } finally {
      end();
    }
  }

  private void end() {
    var all = process.descendants().toList();
    process.destroy();
    process.onExit().join();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(descendant -> descendant.onExit().join());
    removeGroups();
  }

  private void removeGroups() {
    var top = Path.of("/sys/fs/cgroup");
    try (DirectoryStream<Path> hierarchies = Files.newDirectoryStream(top, Files::isDirectory)) {
      removeGroup(top.resolve(group));
      for (var hierarchy : hierarchies) {
        removeGroup(hierarchy.resolve(group));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeGroup(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (var groups = Files.walk(directory)) {
        for (var inner :
            groups.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(inner);
        }
      }
    }
  }
}
