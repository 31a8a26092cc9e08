package bailey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** lxcfs at a directory, if it is installed; ended and unmounted when closed. */
final class Lxcfs implements AutoCloseable {
  private final Path folder;
  private final @Nullable Process process;

  private Lxcfs(Path folder, @Nullable Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Starts it. */
  static Lxcfs start(Path folder) {
    Process process;
    try {
      process =
          new ProcessBuilder("lxcfs", "-p", folder + ".pid", folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException _) {
      return new Lxcfs(folder, null);
    }
    while (process.isAlive()) {
      if (Files.exists(folder.resolve("proc/uptime"))) {
        return new Lxcfs(folder, process);
      }
      Thread.onSpinWait();
    }
    return new Lxcfs(folder, null);
  }

  /** One of its files of /proc; empty where it does not run. */
  Optional<Path> file(String name) {
    return process == null ? Optional.empty() : Optional.of(folder.resolve("proc").resolve(name));
  }

  @Override
  public void close() throws IOException {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      process.waitFor();
      new ProcessBuilder("umount", "-l", folder.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
