package bailey.cli.serve;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whose turn it is: of calls that come at the same time only some are worked at, the others wait,
 * the first come first. A call keeps the processors busy for some milliseconds; one whose turn has
 * lasted for a second waits for something itself, such as the end of a container, and others go on
 * beside it.
 */
final class Turns {
  /** How long a turn is, in nanoseconds. */
  static final long LENGTH = TimeUnit.SECONDS.toNanos(1);

  private final int most;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition free = lock.newCondition();

  /** Those whose turn it is, and since when; the first come first. */
  private final SequencedMap<Thread, Long> working = new LinkedHashMap<>();

  /**
   * @param most calls that are worked at, at a time
   * @param clock such as System::nanoTime
   */
  Turns(int most, LongSupplier clock) {
    this.most = most;
    this.clock = clock;
  }

  /**
   * Waits until it is the turn of this thread, which may be told by an interrupt that nobody needs
   * its answer any more.
   */
  void begin() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!tryBegin(Thread.currentThread())) {
        var _ = free.awaitNanos(untilOver());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is this thread's turn from now on. */
  boolean tryBegin(Thread thread) {
    lock.lock();
    try {
      long now = clock.getAsLong();
      working.values().removeIf(since -> now - since >= LENGTH);
      if (working.size() >= most) {
        return false;
      }
      working.put(thread, now);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private long untilOver() {
    var oldest = working.firstEntry();
    return oldest == null ? 0 : LENGTH - (clock.getAsLong() - oldest.getValue());
  }

  /** It is over, if it was not before. */
  void end(Thread thread) {
    lock.lock();
    try {
      if (working.remove(thread) != null) {
        free.signal();
      }
    } finally {
      lock.unlock();
    }
  }
}
