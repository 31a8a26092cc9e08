package bailey.linux.sys;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * A pipe (pipe(7)); both ends are closed on exec.
 *
 * @param read where what was written comes out
 * @param write where to write
 */
public record Pipe(OwnedFd read, OwnedFd write) implements AutoCloseable {
  /** A new pipe. */
  public static Pipe open() throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      SystemCall.checked(Sys.PIPE2, ends.address(), OpenFlags.O_CLOEXEC);
      return new Pipe(
          new OwnedFd(ends.getAtIndex(ValueLayout.JAVA_INT, 0)),
          new OwnedFd(ends.getAtIndex(ValueLayout.JAVA_INT, 1)));
    }
  }

  @Override
  public void close() {
    read.close();
    write.close();
  }
}
