package bailey.core.seccomp;

import org.jspecify.annotations.Nullable;

/** How a filter is loaded: the flags of seccomp(2) that a configuration may ask for. */
public enum SeccompFlag {
  /** All threads of the process get it; a container's has one. */
  TSYNC("SECCOMP_FILTER_FLAG_TSYNC", 1),
  /** What is not allowed is logged (Linux 4.14). */
  LOG("SECCOMP_FILTER_FLAG_LOG", 2),
  /** Without the mitigation of Speculative Store Bypass that a filter brings (Linux 4.17). */
  SPEC_ALLOW("SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4),
  /** A call that the listener has received is only interrupted by a deadly signal (Linux 5.19). */
  WAIT_KILLABLE_RECV("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 32);

  /** {@code SECCOMP_FILTER_FLAG_NEW_LISTENER}: the call returns a notification descriptor. */
  public static final int NEW_LISTENER = 8;

  private final String kernelName;
  private final int bit;

  SeccompFlag(String kernelName, int bit) {
    this.kernelName = kernelName;
    this.bit = bit;
  }

  /** Its name in linux/seccomp.h. */
  public String kernelName() {
    return kernelName;
  }

  /** Its bit of the flags of seccomp(2). */
  public int bit() {
    return bit;
  }

  /** The flag of a name; null if there is none. */
  public static @Nullable SeccompFlag named(String name) {
    for (var flag : values()) {
      if (flag.kernelName.equals(name)) {
        return flag;
      }
    }
    return null;
  }
}
