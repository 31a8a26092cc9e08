package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** An open /dev/fuse (fuse(4)). Any thread; several may read at once. */
public final class FuseDescriptor implements AutoCloseable {
  private static final String DEVICE = "/dev/fuse";

  /** mountinfo shows it after the type of the file system. */
  private static final String TYPE = "fuse.bailey";

  private static final int S_IFDIR = 0040000;

  private final OwnedFd fd;

  /** Takes over one that is open. */
  public FuseDescriptor(OwnedFd fd) {
    this.fd = fd;
  }

  /** A new one, without a file system yet. */
  public static FuseDescriptor open() throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      return new FuseDescriptor(
          new OwnedFd(
              (int)
                  SystemCall.checked(
                      Sys.OPENAT,
                      Layout.AT_FDCWD,
                      arena.allocateFrom(DEVICE).address(),
                      OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC,
                      0,
                      0,
                      0)));
    }
  }

  /** Mounts a file system that is served by this descriptor (mount(2)). */
  public void mount(String source, String directory, int uid, int gid) throws SystemCallRefused {
    var options =
        "fd="
            + fd.number()
            + ",rootmode="
            + Integer.toOctalString(S_IFDIR)
            + ",user_id="
            + Integer.toUnsignedString(uid)
            + ",group_id="
            + Integer.toUnsignedString(gid)
            + ",allow_other,default_permissions";
    try (var arena = Arena.ofConfined()) {
      SystemCall.checked(
          Sys.MOUNT,
          arena.allocateFrom(source).address(),
          arena.allocateFrom(directory).address(),
          arena.allocateFrom(TYPE).address(),
          Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC,
          arena.allocateFrom(options).address(),
          0);
    }
  }

  /**
   * Takes the topmost mount at a directory away (umount2(2)).
   *
   * @param flags of umount2(2)
   */
  public static void unmount(String directory, long flags) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      SystemCall.checked(Sys.UMOUNT2, arena.allocateFrom(directory).address(), flags);
    }
  }

  /** One read(2) to the start of a direct buffer: bytes, or the error, negative. */
  public int read(ByteBuffer into) {
    var segment = MemorySegment.ofBuffer(into.duplicate().clear());
    while (true) {
      long n = SystemCall.call(Sys.READ, fd.number(), segment.address(), segment.byteSize());
      if (n != -Errno.EINTR.number() && n != -Errno.EAGAIN.number()) {
        return (int) n;
      }
    }
  }

  /** One write(2) of a direct buffer from its start to its position: 0, or the error, negative. */
  public int write(ByteBuffer from) {
    var segment = MemorySegment.ofBuffer(from.duplicate().flip());
    long n = SystemCall.call(Sys.WRITE, fd.number(), segment.address(), segment.byteSize());
    return n < 0 ? (int) n : 0;
  }

  /** Its number. */
  public int number() {
    return fd.number();
  }

  @Override
  public void close() {
    fd.close();
  }
}
