package bailey.linux.exec;

import bailey.core.error.NotPossibleHere;
import bailey.linux.sys.MemoryFile;
import bailey.linux.sys.OwnedFd;
import bailey.linux.sys.SystemCall;
import bailey.linux.sys.SystemCallRefused;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The executor's program: carried as a resource, run from a sealed memory file. So there is no file
 * of it that could be changed, left behind, or be on a file system mounted noexec; and it need not
 * make such a copy itself when it starts.
 */
final class ExecutorProgram implements AutoCloseable {
  private final OwnedFd file;
  private final String path;

  private ExecutorProgram(OwnedFd file) {
    this.file = file;
    this.path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.number();
  }

  /**
   * The program of this build for this machine.
   *
   * @throws NotPossibleHere if the build has none for it, or the kernel refuses such files
   */
  static ExecutorProgram load() {
    try {
      return new ExecutorProgram(MemoryFile.sealedProgram("bailey", bytes()));
    } catch (SystemCallRefused e) {
      throw new NotPossibleHere(
          "cannot start the executor: making a memory file that can be executed failed: "
              + e.getMessage()
              + ". Set the sysctl vm.memfd_noexec to 0 or 1",
          e);
    }
  }

  /** The bytes of the program for this machine. */
  static byte[] bytes() {
    String name = "/bailey/linux/native/linux-" + SystemCall.ARCH.machine() + "/executor";
    try (var in = ExecutorProgram.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new NotPossibleHere(
            "cannot start the executor: this build has none for "
                + SystemCall.ARCH.machine()
                + ". Build bailey on such a machine, or with its cross compiler");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A path by which a child process of any kind can execute it, while this JVM lives. */
  String path() {
    return path;
  }

  @Override
  public void close() {
    file.close();
  }
}
