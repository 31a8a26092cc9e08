package bailey.containerfs.wire;

import java.nio.ByteBuffer;

/**
 * What kernel and server agree on first (FUSE_INIT).
 *
 * @param minor of version 7
 * @param flags which of {@link #WANTED} the kernel has
 */
public record Protocol(int minor, int readahead, long flags) {
  /** The oldest minor version that is served: Linux 5.4. */
  public static final int LEAST_MINOR = 31;

  private static final int NEWEST_MINOR = 45;
  private static final int MAJOR = 7;

  /** The most bytes of one write. */
  public static final int MOST_WRITTEN = 64 << 10;

  private static final int MOST_PAGES = MOST_WRITTEN / 4096;
  private static final int MOST_BACKGROUND = 64;

  /** Of file systems on file systems: the files that are passed through are the kernel's own. */
  private static final int DEPTH = 1;

  private static final long ATOMIC_O_TRUNC = 1 << 3;
  private static final long BIG_WRITES = 1 << 5;
  private static final long DO_READDIRPLUS = 1 << 13;
  private static final long READDIRPLUS_AUTO = 1 << 14;
  private static final long PARALLEL_DIROPS = 1 << 18;
  private static final long MAX_PAGES = 1 << 22;
  private static final long INIT_EXT = 1 << 30;
  private static final long PASSTHROUGH = 1L << 37;
  private static final long HAS_RESEND = 1L << 39;

  /** What is asked for where the kernel has it. */
  static final long WANTED =
      ATOMIC_O_TRUNC
          | BIG_WRITES
          | DO_READDIRPLUS
          | READDIRPLUS_AUTO
          | PARALLEL_DIROPS
          | MAX_PAGES
          | INIT_EXT
          | PASSTHROUGH
          | HAS_RESEND;

  /** What comes of the kernel's offer. */
  public static Protocol of(Request.Init offer) {
    return new Protocol(
        Math.min(offer.minor(), NEWEST_MINOR), offer.readahead(), offer.flags() & WANTED);
  }

  /** Whether a server that takes over may have requests sent again (Linux 6.9). */
  public boolean resends() {
    return (flags & HAS_RESEND) != 0;
  }

  /**
   * Whether the kernel can read files of its own by itself (Linux 6.9).
   *
   * @param flags of what was agreed on
   */
  public static boolean passesThrough(long flags) {
    return (flags & PASSTHROUGH) != 0;
  }

  /** Whether both sides can speak it. */
  public static boolean speaks(Request.Init offer) {
    return offer.major() == MAJOR && offer.minor() >= LEAST_MINOR;
  }

  /** As struct fuse_init_out. */
  void write(ByteBuffer out) {
    out.putInt(MAJOR).putInt(minor).putInt(readahead).putInt((int) flags);
    out.putShort((short) MOST_BACKGROUND).putShort((short) (MOST_BACKGROUND * 3 / 4));
    out.putInt(MOST_WRITTEN).putInt(1);
    out.putShort((short) MOST_PAGES).putShort((short) 0);
    out.putInt((int) (flags >>> Integer.SIZE));
    out.putInt(passesThrough(flags) ? DEPTH : 0);
    for (int i = 0; i < 6; i++) {
      out.putInt(0);
    }
  }
}
