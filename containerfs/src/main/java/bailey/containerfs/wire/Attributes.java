package bailey.containerfs.wire;

/**
 * What stat(2) shows of a node.
 *
 * @param node its number, which is its inode's too
 * @param mode type and permissions
 * @param uid owner, in the first user namespace
 * @param gid its group
 * @param size in bytes; what is read may be more or less
 * @param modified when it last changed, nanoseconds since 1970
 */
public record Attributes(long node, int mode, int uid, int gid, long size, long modified) {
  /** Type bits of a directory. */
  public static final int DIRECTORY = 0040000;

  /** Type bits of a file. */
  public static final int FILE = 0100000;

  /** The type as readdir(3) has it. */
  int type() {
    return mode >>> 12;
  }
}
