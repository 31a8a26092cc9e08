package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.io.IOException;

/** A system call of the JVM itself that the kernel refused. */
public final class SystemCallRefused extends IOException {
  private static final long serialVersionUID = 1;

  private final Sys call;
  private final int errno;

  SystemCallRefused(Sys call, int errno) {
    super(call.callName() + " failed: " + Errno.sentence(errno));
    this.call = call;
    this.errno = errno;
  }

  /** Which call. */
  public Sys call() {
    return call;
  }

  /** The kernel's error number, positive. */
  public int errno() {
    return errno;
  }

  /** Whether the refusal has this number. */
  public boolean is(Errno expected) {
    return errno == expected.number();
  }
}
