package bailey.linux.exec;

import bailey.core.abi.Sys;
import bailey.linux.sys.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * The soft limit of open files (getrlimit(2), RLIMIT_NOFILE) that the children of an executor get.
 *
 * <p>HotSpot raises its own to the hard one when it starts (os::init_2, -XX:+MaxFDLimit), and
 * ProcessBuilder hands that on. A program behind select(2) breaks at a descriptor above 1023, and
 * one that closes all that it might have open takes minutes where the limit is a billion.
 */
final class OpenFilesLimit {
  private static final int RLIMIT_NOFILE = 7;

  /**
   * What the kernel gives the first process (INR_OPEN_CUR) and systemd its services
   * (DefaultLimitNOFILE), whatever the hard limit.
   */
  static final long DEFAULT = 1024;

  private OpenFilesLimit() {}

  /**
   * Gives process {@code pid}, a child of this JVM, the soft limit that the JVM was started with
   * where that is known, because the JVM left it below the hard one; else {@link #DEFAULT}. The
   * hard limit stays, and each process may raise its soft one to that. Where the kernel refuses,
   * the child keeps what it has.
   */
  static void lower(long pid) {
    try (var arena = Arena.ofConfined()) {
      var limit = arena.allocate(ValueLayout.JAVA_LONG, 2); // struct rlimit64: soft, hard
      long read = SystemCall.call(Sys.PRLIMIT64, pid, RLIMIT_NOFILE, 0, limit.address(), 0, 0);
      long soft = limit.getAtIndex(ValueLayout.JAVA_LONG, 0);
      long hard = limit.getAtIndex(ValueLayout.JAVA_LONG, 1);
      if (read == 0 && soft == hard && Long.compareUnsigned(soft, DEFAULT) > 0) {
        limit.setAtIndex(ValueLayout.JAVA_LONG, 0, DEFAULT);
        var _ = SystemCall.call(Sys.PRLIMIT64, pid, RLIMIT_NOFILE, limit.address(), 0, 0, 0);
      }
    }
  }
}
