package bailey.core.seccomp;

import bailey.core.abi.Errno;

/**
 * What the kernel does with a system call.
 *
 * @param verdict which of its reactions
 * @param data 16 bits that go with it: the errno of {@link Verdict#ERRNO}, the message of {@link
 *     Verdict#TRACE}, else 0
 */
public record SeccompAction(Verdict verdict, int data) {
  /** The call is made. */
  public static final SeccompAction ALLOW = new SeccompAction(Verdict.ALLOW, 0);

  /** The process gets SIGSYS and dies, whatever it does about the signal. */
  public static final SeccompAction KILL_PROCESS = new SeccompAction(Verdict.KILL_PROCESS, 0);

  /** The largest errno the kernel hands over ({@code MAX_ERRNO}); above it cuts. */
  private static final int LARGEST_ERRNO = 4095;

  /** The reactions, by the names of linux/seccomp.h without {@code SECCOMP_RET_}. */
  public enum Verdict {
    /** Kill the process with SIGSYS (Linux 4.14). */
    KILL_PROCESS(0x80000000),
    /** Kill the thread with SIGSYS. */
    KILL_THREAD(0),
    /** Send the thread a SIGSYS that it may handle. */
    TRAP(0x00030000),
    /** Return an error number without making the call. */
    ERRNO(0x00050000),
    /** Ask the process that holds the filter's notification descriptor (Linux 5.0). */
    USER_NOTIF(0x7fc00000),
    /** Ask the tracer; ENOSYS without one. */
    TRACE(0x7ff00000),
    /** Make the call and write it to the audit log (Linux 4.14). */
    LOG(0x7ffc0000),
    /** Make the call. */
    ALLOW(0x7fff0000);

    private final int code;

    Verdict(int code) {
      this.code = code;
    }
  }

  /** Refuses data that the verdict does not take. */
  public SeccompAction {
    int most =
        switch (verdict) {
          case ERRNO -> LARGEST_ERRNO;
          case TRACE -> 0xffff;
          case KILL_PROCESS, KILL_THREAD, TRAP, USER_NOTIF, LOG, ALLOW -> 0;
        };
    if (data < 0 || data > most) {
      throw new IllegalArgumentException(
          verdict + " takes data from 0 to " + most + ", not " + data);
    }
  }

  /** The call is refused with {@code errno}. */
  public static SeccompAction errno(Errno errno) {
    return new SeccompAction(Verdict.ERRNO, errno.number());
  }

  /** The value that a filter returns for it. */
  public int code() {
    return verdict.code | data;
  }

  /** {@code ALLOW}, {@code ERRNO EPERM (operation not permitted)}, {@code TRACE 7}. */
  @Override
  public String toString() {
    return switch (verdict) {
      case ERRNO -> "ERRNO " + Errno.sentence(data);
      case TRACE -> "TRACE " + data;
      case KILL_PROCESS, KILL_THREAD, TRAP, USER_NOTIF, LOG, ALLOW -> verdict.name();
    };
  }
}
