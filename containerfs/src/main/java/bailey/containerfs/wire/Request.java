package bailey.containerfs.wire;

import java.nio.ByteBuffer;
import java.util.List;

/** What the kernel asks. Names are as {@link bailey.core.abi.KernelText} decodes them. */
public sealed interface Request {
  /**
   * What is the same in all requests.
   *
   * @param unique tells it from others; the sign bit is set where it is sent again
   * @param node what it is about
   * @param uid of whose thread it is, in the first user namespace
   * @param gid of that
   * @param thread its number, as the reader of /dev/fuse sees it; 0 where it does not
   */
  record Header(long unique, long node, int uid, int gid, int thread) {
    private static final long SENT_AGAIN = 1L << 63;

    /** Whether somebody else has read it before (FUSE_UNIQUE_RESEND). */
    public boolean sentAgain() {
      return (unique & SENT_AGAIN) != 0;
    }

    /** The number that it had when it was first read. */
    public long original() {
      return unique & ~SENT_AGAIN;
    }
  }

  /**
   * The first request.
   *
   * @param minor of version 7 of the protocol
   * @param flags both words of them, the second one as the upper half
   */
  record Init(int major, int minor, int readahead, long flags) implements Request {}

  /** The node of a name in a directory. */
  record Lookup(String name) implements Request {}

  /** The kernel knows these nodes no more; no answer. */
  record Forget(List<Long> nodes) implements Request {
    /** Copies. */
    public Forget {
      nodes = List.copyOf(nodes);
    }
  }

  /** Attributes of a node. */
  record GetAttributes() implements Request {}

  /**
   * Attributes are changed.
   *
   * @param valid which of them (FATTR_)
   */
  record SetAttributes(int valid, long size, int mode, int uid, int gid) implements Request {
    /** Which permissions: chmod(2). */
    public static final int MODE = 1;

    /** Which owner. */
    public static final int UID = 1 << 1;

    /** Which group. */
    public static final int GID = 1 << 2;

    /** How long: truncate(2). */
    public static final int SIZE = 1 << 3;
  }

  /** A new directory. */
  record MakeDirectory(String name, int mode) implements Request {}

  /** A directory is to go. */
  record RemoveDirectory(String name) implements Request {}

  /** A file, a link or a device is to be made or removed: no control file is. */
  record ChangeEntry() implements Request {}

  /** Something is to have another name. */
  record Rename() implements Request {}

  /**
   * A file is opened.
   *
   * @param flags of open(2)
   */
  record Open(int flags) implements Request {}

  /** A directory is opened. */
  record OpenDirectory() implements Request {}

  /** Bytes of an open file. */
  record Read(long handle, long offset, int size) implements Request {}

  /** Bytes for an open file. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares or keeps it
  record Write(long handle, long offset, byte[] data) implements Request {}

  /** One of its descriptors is closed; others may be open. */
  record Flush(long handle) implements Request {}

  /** Nobody has it open any more. */
  record Release(long handle) implements Request {}

  /** Nobody has the directory open any more. */
  record ReleaseDirectory(long handle) implements Request {}

  /**
   * Entries of an open directory.
   *
   * @param offset of the first: 0, or what was given with the one before
   * @param size how many bytes there may be
   * @param plus whether with their attributes
   */
  record ReadDirectory(long handle, long offset, int size, boolean plus) implements Request {}

  /** What the file system has of room. */
  record StatFileSystem() implements Request {}

  /**
   * Somebody waits no more for a request.
   *
   * @param unique of that
   */
  record Interrupt(long unique) implements Request {}

  /**
   * Whether a file is ready.
   *
   * @param waiter by which a change is told, if it is asked for
   * @param notified whether it is
   * @param events of poll(2)
   */
  record Poll(long handle, long waiter, boolean notified, int events) implements Request {}

  /** The file system was unmounted. */
  record Destroy() implements Request {}

  /** Anything else, which is not served. */
  record Other(int opcode) implements Request {}

  /** It is shorter than its kind has to be, or has no end of its name. */
  record Malformed(int opcode) implements Request {}

  /** The kind and fields of the message in {@code in}. */
  static Request read(ByteBuffer in) {
    return RequestReader.read(in);
  }

  /** The header of the message in {@code in}, which has {@link #HEADER_SIZE} bytes at least. */
  static Header header(ByteBuffer in) {
    return new Header(in.getLong(8), in.getLong(16), in.getInt(24), in.getInt(28), in.getInt(32));
  }

  /** Bytes of a header. */
  int HEADER_SIZE = 40;
}
