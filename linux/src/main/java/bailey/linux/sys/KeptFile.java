package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A file of the kernel that is open to be read again and again (pread(2)), and from the first write
 * on to be written to. Any thread.
 */
public final class KeptFile implements AutoCloseable {
  private static final int ROOM = 8192;

  private final String path;
  private final OwnedFd fd;
  private @Nullable OwnedFd writable;
  private boolean closed;

  private KeptFile(String path, OwnedFd fd) {
    this.path = path;
    this.fd = fd;
  }

  /** Opens one. */
  public static KeptFile open(String path) throws SystemCallRefused {
    return new KeptFile(path, OwnedFd.open(path));
  }

  /**
   * Its text now; that of a file which the kernel gives in several pieces may be of several
   * moments.
   */
  public synchronized String read() throws SystemCallRefused {
    if (closed) {
      throw new SystemCallRefused(Sys.PREAD64, Errno.ENODEV.number());
    }
    try (var arena = Arena.ofConfined()) { // many may be open: none keeps room for itself
      var room = arena.allocate(ROOM);
      var bytes = piece(room, 0);
      return new String(bytes.length < ROOM ? bytes : whole(room, bytes), StandardCharsets.UTF_8);
    }
  }

  private byte[] whole(MemorySegment room, byte[] first) throws SystemCallRefused {
    var all = new ByteArrayOutputStream();
    for (var bytes = first; bytes.length > 0; bytes = piece(room, all.size())) {
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private byte[] piece(MemorySegment room, long offset) throws SystemCallRefused {
    long size = SystemCall.checked(Sys.PREAD64, fd.number(), room.address(), ROOM, offset, 0, 0);
    return room.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Writes to it in one write(2). */
  public synchronized void write(byte[] bytes) throws SystemCallRefused {
    if (closed) {
      throw new SystemCallRefused(Sys.WRITE, Errno.ENODEV.number());
    }
    var to = writable;
    if (to == null) {
      to = OwnedFd.openToWrite(path);
      writable = to;
    }
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      var _ = SystemCall.checked(Sys.WRITE, to.number(), text.address(), bytes.length);
    }
  }

  /** Its number, as long as it is not closed. */
  public int descriptor() {
    return fd.number();
  }

  @Override
  public synchronized void close() {
    closed = true;
    fd.close();
    if (writable != null) {
      writable.close();
    }
  }
}
