package bailey.linux.proc;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What processes watch by inotify(7) and fanotify(7), as /proc/PID/fdinfo/N of such a descriptor
 * names it (proc_pid_fdinfo(5)): lines such as {@code inotify wd:1 ino:9e7e sdev:2d mask:800afce
 * ignored_mask:0}.
 */
public final class WatchedInodes {
  private static final Set<String> WATCHERS = Set.of("anon_inode:inotify", "anon_inode:[fanotify]");
  private static final int HEX = 16;

  /** Bits of the minor number in the kernel's own form of a device (kdev_t.h). */
  private static final int MINOR_BITS = 20;

  private WatchedInodes() {}

  /** The inodes of a file system that any process watches, unsigned. Of those that end: nothing. */
  public static Set<Long> of(int major, int minor) {
    long device = (long) major << MINOR_BITS | minor;
    var found = new HashSet<Long>();
    var processes = new File("/proc").list((_, name) -> Character.isDigit(name.charAt(0)));
    for (var process : processes == null ? new String[0] : processes) {
      var descriptors = new File("/proc/" + process + "/fd").list();
      for (var descriptor : descriptors == null ? new String[0] : descriptors) {
        if (watches("/proc/" + process + "/fd/" + descriptor)) {
          String info = "/proc/" + process + "/fdinfo/" + descriptor;
          parse(KernelFile.readOrEmpty(info), device, found);
        }
      }
    }
    return found;
  }

  private static boolean watches(String descriptor) {
    try {
      return WATCHERS.contains(Files.readSymbolicLink(Path.of(descriptor)).toString());
    } catch (IOException _) {
      return false; // closed meanwhile
    }
  }

  /** Adds the inodes of a device that the text of such a file names. */
  static void parse(String text, long device, Set<Long> found) {
    for (var line : KernelFile.lines(text)) {
      if (line.startsWith("inotify ") || line.startsWith("fanotify ")) {
        var inode = field(line, " ino:");
        if (!inode.isEmpty() && Digits.parse(field(line, " sdev:"), HEX).orElse(-1) == device) {
          unsigned(inode, found);
        }
      }
    }
  }

  private static void unsigned(String hex, Set<Long> found) {
    try {
      found.add(Long.parseUnsignedLong(hex, HEX));
    } catch (NumberFormatException _) {
      // not what a kernel writes
    }
  }

  private static String field(String line, String name) {
    int at = line.indexOf(name);
    if (at < 0) {
      return "";
    }
    int from = at + name.length();
    int end = line.indexOf(' ', from);
    return line.substring(from, end < 0 ? line.length() : end);
  }
}
