package bailey.linux.sys;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import bailey.core.kernel.FileServing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** An open /dev/fuse (fuse(4)). Any thread; several may read at once. */
public final class FuseDescriptor implements AutoCloseable {
  private static final String DEVICE = "/dev/fuse";

  /** mountinfo shows it after the type of the file system. */
  private static final String TYPE = "fuse.bailey";

  /** FUSE_DEV_IOC_BACKING_OPEN, _IOW(229, 1, struct fuse_backing_map), linux/fuse.h. */
  private static final long BACKING_OPEN = 0x4010e501L;

  /** FUSE_DEV_IOC_BACKING_CLOSE, _IOW(229, 2, uint32_t). */
  private static final long BACKING_CLOSE = 0x4004e502L;

  /** Bytes of struct fuse_backing_map: the descriptor, flags, padding. */
  private static final int BACKING_MAP = 16;

  private static final int S_IFDIR = 0040000;

  private final OwnedFd fd;

  /** Takes over one that is open; from now on it does not wait for requests by itself. */
  public FuseDescriptor(OwnedFd fd) {
    this.fd = fd;
    var _ = SystemCall.call(Sys.FCNTL, fd.number(), Layout.F_SETFL, OpenFlags.O_NONBLOCK);
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

  /** One write(2) of a direct buffer from its start to its position: 0, or the error, negative. */
  public int write(ByteBuffer from) {
    var segment = MemorySegment.ofBuffer(from.duplicate().flip());
    long n = SystemCall.call(Sys.WRITE, fd.number(), segment.address(), segment.byteSize());
    return n < 0 ? (int) n : 0;
  }

  /**
   * Has the kernel read a file by itself (FUSE_DEV_IOC_BACKING_OPEN).
   *
   * @return its number there, or the error, negative
   */
  public int lend(int descriptor) {
    try (var arena = Arena.ofConfined()) {
      var map = arena.allocate(BACKING_MAP, Long.BYTES);
      map.set(ValueLayout.JAVA_INT, 0, descriptor);
      return (int) SystemCall.call(Sys.IOCTL, fd.number(), BACKING_OPEN, map.address());
    }
  }

  /** Has it let go of that. */
  public void takeBack(int number) {
    try (var arena = Arena.ofConfined()) {
      var id = arena.allocate(ValueLayout.JAVA_INT, number);
      var _ = SystemCall.call(Sys.IOCTL, fd.number(), BACKING_CLOSE, id.address());
    }
  }

  /** One thread's way to read from the start of a buffer and write another. */
  public FileServing.Channel.Lane lane(ByteBuffer request, ByteBuffer answer) {
    return new FuseLane(fd, request, answer);
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
