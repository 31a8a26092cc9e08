package bailey.core.bundle;

/**
 * A device node, or a fifo.
 *
 * @param path absolute and clean
 * @param type {@code c}, {@code b} or {@code p}
 * @param major number
 * @param minor number
 * @param mode permission bits
 * @param uid who owns it, inside
 * @param gid whose group's it is, inside
 */
public record DeviceNode(String path, char type, int major, int minor, int mode, int uid, int gid) {
  /** The file type and permission bits for mknod(2). */
  public long kernelMode() {
    return mode
        | switch (type) {
          case 'b' -> 0060000;
          case 'p' -> 0010000;
          default -> 0020000;
        };
  }

  /** Its number for mknod(2): new_encode_dev() of the kernel. */
  public long number() {
    return (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
  }
}
