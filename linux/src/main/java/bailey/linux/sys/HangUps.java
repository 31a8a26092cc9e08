package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Interrupts threads whose other end has hung up (epoll(7), EPOLLRDHUP): that of a socket, or of a
 * pipe. Any thread; {@link #watch()} is one thread's, which sleeps as long as nobody hangs up.
 */
public final class HangUps implements AutoCloseable {
  private final OwnedFd epoll;

  /** By descriptor, who is interrupted. Its lock is held while a thread is. */
  private final Map<Integer, Thread> threads = new HashMap<>();

  /** Hung up to end the watching. */
  private final PipeEnds end;

  private HangUps(OwnedFd epoll, PipeEnds end) {
    this.epoll = epoll;
    this.end = end;
  }

  /** Nothing watched yet. */
  public static HangUps open() throws SystemCallRefused {
    var epoll = new OwnedFd((int) SystemCall.checked(Sys.EPOLL_CREATE1, Layout.EPOLL_CLOEXEC, 0));
    var all = new HangUps(epoll, PipeEnds.open());
    all.watch(all.end.read().number());
    return all;
  }

  /** From now on {@code thread} is interrupted when the other end of {@code fd} hangs up. */
  public void add(int fd, Thread thread) throws SystemCallRefused {
    synchronized (threads) {
      threads.put(fd, thread);
    }
    try {
      watch(fd);
    } catch (SystemCallRefused e) {
      remove(fd);
      throw e;
    }
  }

  private void watch(int fd) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var event = arena.allocate(Layout.EPOLL_EVENT_SIZE, 8);
      event.set(ValueLayout.JAVA_INT, 0, Layout.EPOLLRDHUP | Layout.EPOLLONESHOT);
      event.set(ValueLayout.JAVA_INT_UNALIGNED, Layout.EPOLL_EVENT_DATA, fd);
      SystemCall.checked(
          Sys.EPOLL_CTL, epoll.number(), Layout.EPOLL_CTL_ADD, fd, event.address(), 0, 0);
    }
  }

  /**
   * No longer; the thread is not interrupted for it any more. Before {@code fd} is closed, since
   * its number may be another's then.
   */
  public void remove(int fd) {
    synchronized (threads) {
      if (threads.remove(fd) == null) {
        return;
      }
    }
    SystemCall.call(Sys.EPOLL_CTL, epoll.number(), Layout.EPOLL_CTL_DEL, fd, 0, 0, 0);
  }

  /** Interrupts, until this is closed. */
  public void watch() {
    try (var arena = Arena.ofConfined()) {
      var event = arena.allocate(Layout.EPOLL_EVENT_SIZE, 8);
      while (true) {
        long ready = SystemCall.call(Sys.EPOLL_PWAIT, epoll.number(), event.address(), 1, -1, 0, 8);
        int fd = event.get(ValueLayout.JAVA_INT_UNALIGNED, Layout.EPOLL_EVENT_DATA);
        if (ready == 1 && fd == end.read().number()) {
          break;
        }
        if (ready == 1) {
          interrupt(fd);
        } else if (ready != -Errno.EINTR.number()) {
          throw new IllegalStateException("epoll_pwait: " + ready);
        }
      }
    } finally {
      epoll.close();
      end.read().close();
    }
  }

  private void interrupt(int fd) {
    synchronized (threads) {
      var thread = threads.get(fd);
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  /** Ends the watching. */
  @Override
  public void close() {
    end.write().close();
  }
}
