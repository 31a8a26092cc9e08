package bailey.linux.sys;

import bailey.core.abi.Sys;

/**
 * A descriptor that stands for a process (pidfd_open(2), Linux 5.3): unlike a number it never comes
 * to mean another one.
 */
public final class PidFd implements AutoCloseable {
  private final OwnedFd fd;

  private PidFd(OwnedFd fd) {
    this.fd = fd;
  }

  /**
   * Of a process that exists or is a zombie.
   *
   * @param pid as this process sees it
   * @throws SystemCallRefused with ESRCH if there is none
   */
  public static PidFd open(long pid) throws SystemCallRefused {
    return new PidFd(new OwnedFd((int) SystemCall.checked(Sys.PIDFD_OPEN, pid, 0)));
  }

  /** Takes over a descriptor that is one. */
  static PidFd of(OwnedFd fd) {
    return new PidFd(fd);
  }

  /** Its descriptor's number; readable (poll(2)) once the process has ended. */
  public int number() {
    return fd.number();
  }

  /**
   * Sends signal {@code number}.
   *
   * @throws SystemCallRefused with ESRCH once the process is gone
   */
  public void send(int number) throws SystemCallRefused {
    SystemCall.checked(Sys.PIDFD_SEND_SIGNAL, fd.number(), number, 0);
  }

  /** Whether the process has ended. */
  public boolean ended() throws SystemCallRefused {
    return Readiness.await(0, fd.number()) == 0;
  }

  @Override
  public void close() {
    fd.close();
  }
}
