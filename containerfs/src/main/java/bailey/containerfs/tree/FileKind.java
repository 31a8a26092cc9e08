package bailey.containerfs.tree;

import bailey.core.abi.Errno;
import bailey.core.container.Access;

/**
 * A file that folders may have.
 *
 * @param index its place among all kinds, from 0
 * @param name in its folder
 * @param access what the folder's owner may do
 * @param reader gives its content
 * @param writer takes a new one
 */
public record FileKind(int index, String name, Access access, Reader reader, Writer writer) {
  /** Bits of a node's number that tell the file in its folder. */
  static final int BITS = 16;

  /** Those bits. */
  static final long MASK = (1 << BITS) - 1;

  /** The upper ones of those bits: which of several inodes, see {@link Tree#renew}. */
  static final int RENEWED_AT = 10;

  /** How many there may be of one name at a time. */
  static final int MOST_RENEWED = 1 << (BITS - RENEWED_AT);

  /** The lower ones: which kind. */
  static final long KIND_MASK = (1 << RENEWED_AT) - 1;

  /** What the first has there: 0 is the folder itself, and 1 is {@link Node#ROOT}. */
  static final int FIRST = 2;

  /** How many kinds there may be. */
  static final int MOST = (1 << RENEWED_AT) - FIRST;

  /** Gives the content of a file, with its last line end. */
  interface Reader {
    /** The content as it is now. */
    String read(Folder folder, Caller caller);
  }

  /** Takes the content of a file. */
  interface Writer {
    /** Does what the content says. */
    void write(Folder folder, String text, Caller caller);
  }

  /** Refuses. */
  static final Reader UNREADABLE =
      (_, _) -> {
        throw new FileRefused(Errno.EACCES, "this file can only be written");
      };

  /** Refuses. */
  static final Writer UNWRITABLE =
      (_, _, _) -> {
        throw new FileRefused(Errno.EPERM, "this file only reports, it cannot be set");
      };

  /** Permissions: whoever may look may read, and the owner may write. */
  int mode() {
    return switch (access) {
      case NONE -> 0;
      case READ -> 0444;
      case WRITE -> 0200;
      case READ_WRITE -> 0644;
    };
  }
}
