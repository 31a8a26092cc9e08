package bailey.linux.sys;

import bailey.core.abi.Flags;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open descriptor and the duty to close it. Any thread may close it, once; using its number
 * while another thread may close it is the caller's mistake, since the kernel gives numbers out
 * again.
 */
public final class OwnedFd implements AutoCloseable {
  private static final int NONE = -1;

  private final AtomicInteger fd;

  /** Takes over a descriptor that is open. */
  public OwnedFd(int fd) {
    if (fd < 0) {
      throw new IllegalArgumentException(fd + " is no descriptor");
    }
    this.fd = new AtomicInteger(fd);
  }

  /**
   * A file that exists, opened for reading, closed on exec.
   *
   * @throws SystemCallRefused with the kernel's answer
   */
  public static OwnedFd open(String path) throws SystemCallRefused {
    return open(path, 0);
  }

  /** As {@link #open(String)}, to be written to. */
  public static OwnedFd openToWrite(String path) throws SystemCallRefused {
    return open(path, Flags.OpenFlags.O_WRONLY);
  }

  private static OwnedFd open(String path, long access) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(path);
      return new OwnedFd(
          (int)
              SystemCall.checked(
                  Sys.OPENAT, Layout.AT_FDCWD, name.address(), access | Flags.OpenFlags.O_CLOEXEC));
    }
  }

  /**
   * Its number.
   *
   * @throws IllegalStateException if it was closed or released
   */
  public int number() {
    int number = fd.get();
    if (number == NONE) {
      throw new IllegalStateException("the descriptor was closed or released");
    }
    return number;
  }

  /** Its number; negative if it was closed or released. */
  int numberIfOpen() {
    return fd.get();
  }

  /** Gives the duty to close it to the caller, who gets its number. */
  public int release() {
    int number = fd.getAndSet(NONE);
    if (number == NONE) {
      throw new IllegalStateException("the descriptor was closed or released");
    }
    return number;
  }

  /** Closes it. Closing again, or after a release, does nothing. */
  @Override
  public void close() {
    int number = fd.getAndSet(NONE);
    if (number != NONE) {
      // Whatever close(2) answers, EINTR included, Linux has freed the number.
      SystemCall.call(Sys.CLOSE, number);
    }
  }
}
