package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Files that live in memory only (memfd_create(2)). */
public final class MemoryFile {
  private MemoryFile() {}

  /**
   * An executable file with this content, which nobody can change any more (F_ADD_SEALS).
   *
   * @param name shown in /proc/PID/exe, ASCII
   * @throws SystemCallRefused with EACCES where vm.memfd_noexec is 2 (Linux 6.3)
   */
  public static OwnedFd sealedProgram(String name, byte[] content) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var fd = new OwnedFd(create(arena.allocateFrom(name)));
      try {
        write(fd, arena.allocateFrom(ValueLayout.JAVA_BYTE, content));
        SystemCall.checked(Sys.FCNTL, fd.number(), Layout.F_ADD_SEALS, Layout.SEALS);
        return fd;
      } catch (SystemCallRefused e) {
        fd.close();
        throw e;
      }
    }
  }

  private static int create(MemorySegment name) throws SystemCallRefused {
    long flags = Layout.MFD_CLOEXEC | Layout.MFD_ALLOW_SEALING;
    try {
      return (int) SystemCall.checked(Sys.MEMFD_CREATE, name.address(), flags | Layout.MFD_EXEC);
    } catch (SystemCallRefused e) {
      if (e.is(Errno.EINVAL)) { // before Linux 6.3 every memory file was executable
        return (int) SystemCall.checked(Sys.MEMFD_CREATE, name.address(), flags);
      }
      throw e;
    }
  }

  private static void write(OwnedFd fd, MemorySegment content) throws SystemCallRefused {
    for (long done = 0; done < content.byteSize(); ) {
      done +=
          SystemCall.checked(
              Sys.WRITE, fd.number(), content.address() + done, content.byteSize() - done);
    }
  }
}
