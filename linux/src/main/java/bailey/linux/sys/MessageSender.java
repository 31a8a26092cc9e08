package bailey.linux.sys;

import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes to a connected unix socket, with descriptors (SCM_RIGHTS). Owns memory that it uses again
 * for each message. One thread at a time; the socket stays the caller's.
 */
public final class MessageSender implements AutoCloseable {
  /** What the executor takes with one plan. */
  public static final int MAX_DESCRIPTORS = 16;

  private static final int FIRST_SIZE = 64 << 10;
  private static final int SMALL_SIZE = 512;
  private static final int CONTROL_SIZE = Layout.CMSG_DATA + 4 * MAX_DESCRIPTORS;

  private final OwnedFd socket;
  private final Supplier<Arena> arenas;
  private final Arena arena;
  private final MemorySegment header;
  private final MemorySegment vector;
  private final MemorySegment control;
  private Arena bufferArena;
  private MemorySegment buffer;

  /** A writer to {@code socket}, which any thread may use, one at a time. */
  public MessageSender(OwnedFd socket) {
    this(socket, Arena::ofShared, FIRST_SIZE);
  }

  /** One for the calling thread alone: made and closed in a fraction of the time. */
  public static MessageSender ofThread(OwnedFd socket) {
    return new MessageSender(socket, Arena::ofConfined, SMALL_SIZE);
  }

  private MessageSender(OwnedFd socket, Supplier<Arena> arenas, int size) {
    this.socket = socket;
    this.arenas = arenas;
    arena = arenas.get();
    header = arena.allocate(Layout.MSGHDR_SIZE, 8);
    vector = arena.allocate(Layout.IOVEC_SIZE, 8);
    control = arena.allocate(CONTROL_SIZE, 8);
    bufferArena = arenas.get();
    buffer = bufferArena.allocate(size);
    header.set(ValueLayout.JAVA_LONG, Layout.MSG_IOV, vector.address());
    header.set(ValueLayout.JAVA_LONG, Layout.MSG_IOVLEN, 1);
    control.set(ValueLayout.JAVA_INT, Layout.CMSG_LEVEL, Layout.SOL_SOCKET);
    control.set(ValueLayout.JAVA_INT, Layout.CMSG_TYPE, Layout.SCM_RIGHTS);
  }

  /**
   * Sends all of {@code bytes}; the descriptors go with the first of them.
   *
   * @param bytes at least one
   * @param descriptors at most {@value #MAX_DESCRIPTORS}; they stay the caller's
   * @throws SystemCallRefused if the other end is gone (EPIPE) or a descriptor is not open (EBADF);
   *     a part may have been sent
   */
  public void send(byte[] bytes, List<Integer> descriptors) throws SystemCallRefused {
    if (descriptors.size() > MAX_DESCRIPTORS) {
      throw new IllegalArgumentException(descriptors.size() + " descriptors in one message");
    }
    reserve(bytes.length);
    MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
    attach(descriptors);
    for (long done = 0; done < bytes.length; ) {
      vector.set(ValueLayout.JAVA_LONG, 0, buffer.address() + done);
      vector.set(ValueLayout.JAVA_LONG, Layout.IOV_LEN, bytes.length - done);
      done +=
          SystemCall.checked(Sys.SENDMSG, socket.number(), header.address(), Layout.MSG_NOSIGNAL);
      attach(List.of());
    }
  }

  private void attach(List<Integer> descriptors) {
    int length = descriptors.isEmpty() ? 0 : Layout.CMSG_DATA + 4 * descriptors.size();
    header.set(ValueLayout.JAVA_LONG, Layout.MSG_CONTROL, length == 0 ? 0 : control.address());
    header.set(ValueLayout.JAVA_LONG, Layout.MSG_CONTROLLEN, length);
    control.set(ValueLayout.JAVA_LONG, 0, length);
    for (int i = 0; i < descriptors.size(); i++) {
      control.set(ValueLayout.JAVA_INT, Layout.CMSG_DATA + 4L * i, descriptors.get(i));
    }
  }

  private void reserve(int size) {
    if (size > buffer.byteSize()) {
      bufferArena.close();
      bufferArena = arenas.get();
      buffer = bufferArena.allocate(Integer.highestOneBit(size) * 2L);
    }
  }

  @Override
  public void close() {
    bufferArena.close();
    arena.close();
  }
}
