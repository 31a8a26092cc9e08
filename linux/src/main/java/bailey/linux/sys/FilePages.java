package bailey.linux.sys;

import bailey.core.abi.Sys;
import bailey.linux.proc.KernelFile;

/** The memory that this process has of files: programs, libraries, archives of classes. */
public final class FilePages {
  /** MADV_DONTNEED of madvise(2). */
  private static final long DONTNEED = 4;

  private FilePages() {}

  /**
   * Lets go of what is in memory of files that are only read. The kernel keeps it for as long as
   * there is room, so that it comes back within microseconds when it is used; until then it is not
   * this process's. What was written to is kept, also where that was before it was made read-only.
   * Source: madvise(2), proc_pid_smaps(5). Any thread.
   */
  public static void release() {
    long from = 0;
    long to = 0;
    for (var line : KernelFile.readOrEmpty("/proc/self/smaps").split("\n", -1)) {
      if (line.isEmpty() || Character.isUpperCase(line.charAt(0))) {
        if (to > from && line.startsWith("Anonymous:") && line.endsWith(" 0 kB")) {
          var _ = SystemCall.call(Sys.MADVISE, from, to - from, DONTNEED);
        }
        continue;
      }
      int dash = line.indexOf('-');
      int blank = line.indexOf(' ');
      boolean read = line.charAt(blank + 2) == '-' && line.indexOf('/') > 0;
      from = read ? Long.parseUnsignedLong(line, 0, dash, 16) : 0;
      to = read ? Long.parseUnsignedLong(line, dash + 1, blank, 16) : 0;
    }
  }
}
