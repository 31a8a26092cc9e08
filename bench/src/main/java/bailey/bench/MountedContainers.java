package bailey.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Containers of a state directory of their own as files, served by bailey's command line. When it
 * is closed nothing of them is left.
 */
final class MountedContainers implements AutoCloseable {
  private static final Path KERNEL = Path.of("/sys/fs/cgroup");

  /** Of a group below the top of a hierarchy: bailey's group and the container's. */
  private static final int DEPTH = 3;

  private final String program;
  private final Path state;
  private final Path directory;

  private MountedContainers(String program, Path state, Path directory) {
    this.program = program;
    this.state = state;
    this.directory = directory;
  }

  /**
   * Mounts them.
   *
   * @param program bailey
   * @param state a directory that does not exist
   * @param directory one that does
   */
  static MountedContainers mount(String program, Path state, Path directory) {
    var mounted = new MountedContainers(program, state, directory);
    mounted.bailey("mount", directory.toString());
    return mounted;
  }

  private void bailey(String... words) {
    var command = new ArrayList<>(List.of(program));
    command.addAll(Arrays.asList(words));
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("BAILEY_STATE", state.toString());
    builder.environment().put("BAILEY_SERVE", "off");
    try {
      int status = builder.start().waitFor();
      if (status != 0) {
        throw new IllegalStateException(command + ": ended with status " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The folder that all are in. */
  Path top() {
    return directory.resolve("default");
  }

  /** Makes a container. */
  Path make(String name) throws IOException {
    return Files.createDirectory(top().resolve(name));
  }

  /** The kernel's groups of a container, one in each hierarchy that it is in. */
  static List<Path> groups(String name) throws IOException {
    try (Stream<Path> all = Files.walk(KERNEL, DEPTH)) {
      return all.filter(path -> path.endsWith("c-" + name)).sorted().toList();
    }
  }

  /**
   * Resident memory of what serves, megabytes: a JVM and the small process that holds the mount.
   */
  double resident() throws IOException {
    long kilobytes = 0;
    var holders = ProcessHandle.allProcesses().filter(this::serves);
    var all = holders.flatMap(holder -> Stream.concat(Stream.of(holder), holder.descendants()));
    for (var process : all.toList()) {
      kilobytes += Footprint.resident(process.pid());
    }
    return kilobytes / 1024.0;
  }

  /** From /proc, since {@link ProcessHandle.Info} cuts the many words of a JVM short. */
  private boolean serves(ProcessHandle process) {
    try {
      var line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
      var words = List.of(line.split("\0", -1));
      return words.contains(directory.toString()) && words.contains("--descriptor");
    } catch (IOException _) {
      return false; // it has ended
    }
  }

  /** Removes all containers that are in none. */
  void clear() throws IOException {
    try (Stream<Path> all = Files.list(top())) {
      for (var folder : all.filter(Files::isDirectory).toList()) {
        Files.delete(folder);
      }
    }
  }

  @Override
  public void close() throws IOException {
    clear();
    bailey("umount", directory.toString());
    bailey("gc");
    try (Stream<Path> all = Files.walk(state)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
