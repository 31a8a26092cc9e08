package bailey.testkit.cgroup;

import bailey.core.abi.Errno;

/** The fake kernel's refusal, before it is known of which operation. */
final class KernelRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  final Errno errno;

  KernelRefusal(Errno errno) {
    super(errno.sentence());
    this.errno = errno;
  }

  /** Refuses with {@code errno} unless {@code condition} holds. */
  static void unless(boolean condition, Errno errno) {
    if (!condition) {
      throw new KernelRefusal(errno);
    }
  }
}
