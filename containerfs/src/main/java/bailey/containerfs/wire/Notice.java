package bailey.containerfs.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a server tells the kernel of its own accord (enum fuse_notify_code). */
public final class Notice {
  private static final int POLL = 1;
  private static final int INVALIDATE_INODE = 2;
  private static final int RESEND = 7;
  private static final int HEADER = 16;

  private Notice() {}

  private static ByteBuffer of(int code, int size) {
    return ByteBuffer.allocateDirect(HEADER + size)
        .order(ByteOrder.nativeOrder())
        .putInt(HEADER + size)
        .putInt(code)
        .putLong(0);
  }

  /** Something changed for which somebody polls. */
  public static ByteBuffer changed(long waiter) {
    return of(POLL, Long.BYTES).putLong(waiter);
  }

  /**
   * What the kernel remembers of a node's attributes is not so any more. (With an offset below 0 it
   * looks at no pages and waits for nobody: fuse_reverse_inval_inode().)
   */
  public static ByteBuffer attributes(long node) {
    return of(INVALIDATE_INODE, 3 * Long.BYTES).putLong(node).putLong(-1).putLong(0);
  }

  /** Requests that were read and not answered are to be sent again (Linux 6.9). */
  public static ByteBuffer resend() {
    return of(RESEND, 0);
  }
}
