package bailey.linux.sys;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Both ends of a pipe (pipe(7)), which are closed on exec.
 *
 * @param read where what was written comes out
 * @param write where to write
 */
public record PipeEnds(OwnedFd read, OwnedFd write) implements AutoCloseable {
  /** A new pipe. */
  public static PipeEnds open() throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      SystemCall.checked(Sys.PIPE2, ends.address(), OpenFlags.O_CLOEXEC);
      return new PipeEnds(
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
