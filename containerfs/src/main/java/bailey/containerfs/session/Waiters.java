package bailey.containerfs.session;

import bailey.containerfs.tree.Caller;
import bailey.containerfs.wire.Notice;
import bailey.core.kernel.FileServing.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Those who poll for a change of a file. The kernel tells of few of the changes that there are, so
 * the files that somebody waits for are looked at, as long as somebody does. Any thread.
 */
final class Waiters {
  private static final long INTERVAL_MILLIS = 200;

  private final Channel channel;
  private final ScheduledExecutorService looking;
  private final Map<Long, Waiter> waiters = new ConcurrentHashMap<>();

  private record Waiter(OpenFile file, Caller caller) {}

  Waiters(Channel channel, ScheduledExecutorService looking) {
    this.channel = channel;
    this.looking = looking;
  }

  /**
   * Tells the kernel when a file changes, once.
   *
   * @param waiter by which it knows who waits
   */
  void add(long waiter, OpenFile file, Caller caller) {
    boolean first = waiters.isEmpty();
    waiters.put(waiter, new Waiter(file, caller));
    if (first) {
      schedule();
    }
  }

  private void schedule() {
    if (!looking.isShutdown()) {
      var _ = looking.schedule(this::look, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    try {
      waiters.forEach(
          (waiter, one) -> {
            if (one.file().changed(one.caller()) && waiters.remove(waiter, one)) {
              channel.write(Notice.changed(waiter));
            }
          });
    } finally {
      if (!waiters.isEmpty()) {
        schedule();
      }
    }
  }

  /** Nobody has the file open any more. */
  void remove(OpenFile file) {
    waiters.values().removeIf(one -> one.file().equals(file));
  }
}
