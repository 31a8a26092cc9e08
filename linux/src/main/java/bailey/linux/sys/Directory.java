package bailey.linux.sys;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * A directory held open by a descriptor that can be used for nothing but to reach what is in it
 * (O_PATH, open(2)): whatever becomes of its path, this stays the same directory.
 */
public final class Directory implements AutoCloseable {
  private final OwnedFd fd;

  private Directory(OwnedFd fd) {
    this.fd = fd;
  }

  /**
   * Opens it. Its last name must not be a symbolic link.
   *
   * @throws SystemCallRefused with the kernel's answer, ENOTDIR for what is no directory
   */
  public static Directory open(String path) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      long flags =
          OpenFlags.O_PATH
              | OpenFlags.O_CLOEXEC
              | OpenFlags.directory(SystemCall.ARCH)
              | OpenFlags.noFollow(SystemCall.ARCH);
      return new Directory(
          new OwnedFd(
              (int)
                  SystemCall.checked(
                      Sys.OPENAT,
                      Layout.AT_FDCWD,
                      arena.allocateFrom(path).address(),
                      flags,
                      0,
                      0,
                      0)));
    }
  }

  /** A path to {@code name} in it, short, for this process while this is open. */
  public String path(String name) {
    return "/proc/self/fd/" + fd.number() + "/" + name;
  }

  /** Whether it is owned by {@code uid}, and closed to all others. */
  public boolean belongsTo(int uid) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var buffer = arena.allocate(Layout.STATX_SIZE, 8);
      SystemCall.checked(
          Sys.STATX,
          fd.number(),
          arena.allocateFrom("").address(),
          Layout.AT_EMPTY_PATH | Layout.AT_STATX_DONT_SYNC,
          Layout.STATX_BASIC_STATS,
          buffer.address(),
          0);
      int mode = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, Layout.STX_MODE));
      return buffer.get(ValueLayout.JAVA_INT, Layout.STX_UID) == uid && (mode & 077) == 0;
    }
  }

  /** Removes a file from it, if it is there. */
  public void remove(String name) {
    try (var arena = Arena.ofConfined()) {
      SystemCall.call(Sys.UNLINKAT, fd.number(), arena.allocateFrom(name).address(), 0);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
