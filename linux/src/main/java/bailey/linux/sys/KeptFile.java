package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
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
  private final SystemCall.Prepared pread = new SystemCall.Prepared(Sys.PREAD64);
  private final ByteBuffer room = ByteBuffer.allocateDirect(ROOM);
  private final long address = MemorySegment.ofBuffer(room).address();
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
    int size = piece(0);
    var bytes = new byte[size];
    room.get(0, bytes);
    return new String(size < ROOM ? bytes : whole(bytes), StandardCharsets.UTF_8);
  }

  private byte[] whole(byte[] first) throws SystemCallRefused {
    var all = new ByteArrayOutputStream();
    var bytes = first;
    while (bytes.length > 0) {
      all.writeBytes(bytes);
      bytes = new byte[piece(all.size())];
      room.get(0, bytes);
    }
    return all.toByteArray();
  }

  private int piece(long offset) throws SystemCallRefused {
    while (true) {
      long result = pread.call(fd.number(), address, ROOM, offset);
      if (result >= 0) {
        return (int) result;
      }
      if (result != -Errno.EINTR.number()) {
        throw new SystemCallRefused(Sys.PREAD64, (int) -result);
      }
    }
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
