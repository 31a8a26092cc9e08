package bailey.linux.sys;

import bailey.core.abi.Sys;
import java.io.EOFException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads exact numbers of bytes from a connected socket, as many as there are with each system call.
 * One thread only; the socket stays the caller's.
 */
public final class MessageReceiver implements AutoCloseable {
  private static final int SIZE = 64 << 10;

  private final OwnedFd socket;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(SIZE);
  private long from;
  private long to;

  /** A reader of {@code socket}, to be used by the calling thread. */
  public MessageReceiver(OwnedFd socket) {
    this.socket = socket;
  }

  /**
   * Fills {@code bytes}, waiting for as long as it takes.
   *
   * @return false if the other end was closed before the first byte
   * @throws EOFException if it was closed after it
   */
  public boolean fill(byte[] bytes) throws EOFException, SystemCallRefused {
    for (int done = 0; done < bytes.length; ) {
      if (from == to) {
        from = 0;
        to = SystemCall.checked(Sys.READ, socket.number(), buffer.address(), SIZE);
        if (to == 0 && done == 0) {
          return false;
        }
        if (to == 0) {
          throw new EOFException("the other end was closed inside of a message");
        }
      }
      int n = (int) Math.min(to - from, bytes.length - done);
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, from, bytes, done, n);
      from += n;
      done += n;
    }
    return true;
  }

  @Override
  public void close() {
    arena.close();
  }
}
