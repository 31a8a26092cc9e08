package bailey.containerfs.procview;

import bailey.containerfs.view.Uptime;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long the machine is up, suspension included (CLOCK_BOOTTIME), at little cost: the JVM's clock
 * stands still while the machine does, so the kernel is asked once in a while. Any thread.
 */
final class BootClock {
  private static final long TRUSTED = 10_000_000_000L;

  /** /proc/uptime counts hundredths of a second: a difference of less is none. */
  private static final long GRAIN = 20_000_000;

  private final LongSupplier nanos;
  private final Supplier<String> uptime;
  private volatile Offset offset = new Offset(0, Long.MIN_VALUE);

  /** What is to be added, and when the JVM's clock had that to be seen to again. */
  private record Offset(long nanos, long until) {}

  /**
   * A clock.
   *
   * @param nanos {@link System#nanoTime}
   * @param uptime the machine's /proc/uptime
   */
  BootClock(LongSupplier nanos, Supplier<String> uptime) {
    this.nanos = nanos;
    this.uptime = uptime;
  }

  /** Nanoseconds. */
  long now() {
    long now = nanos.getAsLong();
    var known = offset;
    if (known.until() == Long.MIN_VALUE || now - known.until() > 0) {
      long fresh = Uptime.nanos(uptime.get()) - now;
      boolean same = known.until() != Long.MIN_VALUE && Math.abs(fresh - known.nanos()) < GRAIN;
      known = new Offset(same ? known.nanos() : fresh, now + TRUSTED);
      offset = known;
    }
    return now + known.nanos();
  }
}
