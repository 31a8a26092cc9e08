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
  /** Most are one number; each file has this for itself. */
  private static final int ROOM = 128;

  private static final int LARGE = 8192;

  private final String path;
  private final OwnedFd fd;
  private @Nullable OwnedFd writable;
  private @Nullable Room room;
  private boolean large;
  private boolean closed;

  private KeptFile(String path, OwnedFd fd) {
    this.path = path;
    this.fd = fd;
  }

  /** What it takes to use it often; who only hands its descriptor on takes nothing. */
  private static final class Room {
    private final ByteBuffer memory = ByteBuffer.allocateDirect(ROOM);
    private final long address = MemorySegment.ofBuffer(memory).address();
    private final SystemCall.Prepared pread = new SystemCall.Prepared(Sys.PREAD64);

    byte[] bytes(int size) {
      var bytes = new byte[size];
      memory.get(0, bytes);
      return bytes;
    }
  }

  private Room room() {
    var known = room;
    if (known == null) {
      known = new Room();
      room = known;
    }
    return known;
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
    if (!large) {
      var small = room();
      int size = checked(Sys.PREAD64, small.pread.call(fd.number(), small.address, ROOM, 0));
      if (size < ROOM) {
        return text(small.bytes(size));
      }
      large = true; // the rest would be of another moment
    }
    try (var arena = Arena.ofConfined()) {
      var all = arena.allocate(LARGE);
      var bytes = piece(all, 0);
      return text(bytes.length < LARGE ? bytes : whole(all, bytes));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int checked(Sys call, long result) throws SystemCallRefused {
    if (result < 0) {
      throw new SystemCallRefused(call, (int) -result);
    }
    return (int) result;
  }

  private byte[] whole(MemorySegment all, byte[] first) throws SystemCallRefused {
    var text = new ByteArrayOutputStream();
    for (var bytes = first; bytes.length > 0; bytes = piece(all, text.size())) {
      text.writeBytes(bytes);
    }
    return text.toByteArray();
  }

  private byte[] piece(MemorySegment all, long offset) throws SystemCallRefused {
    long size = SystemCall.checked(Sys.PREAD64, fd.number(), all.address(), LARGE, offset, 0, 0);
    return all.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
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
    if (bytes.length <= ROOM) {
      var small = room();
      small.memory.put(0, bytes);
      var _ = SystemCall.checked(Sys.WRITE, to.number(), small.address, bytes.length);
      return;
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
