package bailey.containerfs.session;

import java.util.concurrent.TimeUnit;

/**
 * Whether who looks for requests stays awake where there is none, or sleeps. To be woken takes
 * longer than most answers, since it happens on a processor that sleeps as a rule; so it stays
 * awake for a moment where the requests before came as soon. Meanwhile it lets others run, and
 * where one of them took longer than that it sleeps for a time whatever comes: whoever wakes has
 * its turn sooner than who gave it up. All times are {@link System#nanoTime}. One thread at a time.
 */
final class Alertness {
  /** Requests of a program that does little else come within this. */
  static final long SOON_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  /** How many of them in a row there have to be. */
  static final int IN_A_ROW = 2;

  /**
   * Whoever has its turn again no sooner than after this is not alone, and not for a moment only.
   */
  static final long CROWDED_NANOS = TimeUnit.MICROSECONDS.toNanos(400);

  /** For how long it is not worth it then. */
  static final long SLEEPY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private int soon;
  private boolean sleepy;
  private long sleepyUntil;

  /**
   * Whether it stays awake.
   *
   * @param from when it began to look
   */
  boolean staysAwake(long from, long now) {
    return isAwake(now) && now - from < SOON_NANOS;
  }

  /** Whether it would, if there were no request now. */
  boolean isAwake(long now) {
    if (sleepy && now - sleepyUntil >= 0) {
      sleepy = false;
    }
    return !sleepy && soon >= IN_A_ROW;
  }

  /** It let others run. */
  void yielded(long before, long now) {
    if (now - before > CROWDED_NANOS) {
      sleepy = true;
      sleepyUntil = now + SLEEPY_NANOS;
    }
  }

  /** There is a request. */
  void found(long from, long now) {
    soon = now - from < SOON_NANOS ? Math.min(soon + 1, IN_A_ROW) : 0;
  }
}
