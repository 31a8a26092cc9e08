package bailey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The server in C (fileserver.c), beside which bailey's is measured. */
final class FileServer implements AutoCloseable {
  private final Process process;
  private final Path directory;

  private FileServer(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /**
   * Starts it.
   *
   * @param directory where it is mounted
   * @param file that its files read and write
   * @param count how many directories it has
   */
  static FileServer start(Bundle bundle, Path directory, Path file, int count) throws IOException {
    var process =
        new ProcessBuilder(
                bundle.program("fileserver"),
                directory.toString(),
                file.toString(),
                Integer.toString(count))
            .inheritIO()
            .start();
    var server = new FileServer(process, directory);
    while (!Files.exists(server.folder("c0"))) {
      if (!process.isAlive()) {
        throw new IllegalStateException("fileserver: ended with status " + process.exitValue());
      }
      Thread.onSpinWait();
    }
    return server;
  }

  /** The directory that all are in. */
  Path top() {
    return directory.resolve("default");
  }

  /** One of its directories. */
  Path folder(String name) {
    return top().resolve(name);
  }

  @Override
  public void close() throws IOException {
    try {
      var _ = new ProcessBuilder("umount", directory.toString()).start().waitFor();
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
