package bailey.linux.sys;

import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;

/**
 * What statx(2) tells of a file, without asking whoever serves its file system: that may be a
 * program in a container, which need not answer.
 *
 * @param mode type and permissions
 * @param inode number on its file system
 * @param special of a device, the number it stands for, major * 2^32 + minor
 * @param device of its file system, in the same way
 * @param mount id of the mount that it was reached by; empty before Linux 5.8
 */
public record FileStatus(int mode, long inode, long special, long device, OptionalLong mount) {
  /**
   * Of what a path leads to, links followed.
   *
   * @throws SystemCallRefused with the kernel's answer
   */
  public static FileStatus of(String path) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(path);
      var buffer = arena.allocate(Layout.STATX_SIZE, 8);
      SystemCall.checked(
          Sys.STATX,
          Layout.AT_FDCWD,
          name.address(),
          Layout.AT_STATX_DONT_SYNC,
          Layout.STATX_BASIC_STATS | Layout.STATX_MNT_ID,
          buffer.address(),
          0);
      var ints = ValueLayout.JAVA_INT;
      return new FileStatus(
          Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, Layout.STX_MODE)),
          buffer.get(ValueLayout.JAVA_LONG, Layout.STX_INO),
          pair(buffer.get(ints, Layout.STX_RDEV), buffer.get(ints, Layout.STX_RDEV + 4)),
          pair(buffer.get(ints, Layout.STX_DEV), buffer.get(ints, Layout.STX_DEV + 4)),
          (buffer.get(ints, 0) & Layout.STATX_MNT_ID) == 0
              ? OptionalLong.empty()
              : OptionalLong.of(buffer.get(ValueLayout.JAVA_LONG, Layout.STX_MNT_ID)));
    }
  }

  private static long pair(int major, int minor) {
    return Integer.toUnsignedLong(major) << 32 | Integer.toUnsignedLong(minor);
  }

  private int type() {
    return mode & Layout.S_IFMT;
  }

  /** Whether it is a pipe with a name. */
  public boolean isFifo() {
    return type() == Layout.S_IFIFO;
  }

  /** Whether it is a device. */
  public boolean isDevice() {
    return type() == Layout.S_IFCHR || type() == Layout.S_IFBLK;
  }

  /** Whether it is a device of characters. */
  public boolean isCharacterDevice() {
    return type() == Layout.S_IFCHR;
  }
}
