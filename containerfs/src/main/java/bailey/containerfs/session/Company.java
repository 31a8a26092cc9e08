package bailey.containerfs.session;

import java.util.concurrent.TimeUnit;

/**
 * Whether who answers goes to the processor of who asks: where it is the same thread again and
 * again. To find that processor takes longer than an answer, so it is seldom done. One thread at a
 * time.
 */
final class Company {
  /** How many requests of a thread in a row. */
  static final int IN_A_ROW = 32;

  static final long SELDOM_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private int known;
  private int row;
  private boolean sought;
  private long last;

  /**
   * Counts a request.
   *
   * @param asks the number of the thread; 0 where none waits for the answer
   * @return whether there are many of it by now
   */
  boolean isSteady(int asks) {
    if (asks == 0) {
      return false;
    }
    if (asks != known) {
      known = asks;
      row = 0;
    }
    row++;
    return row % IN_A_ROW == 0;
  }

  /** Whether it was not done lately; it is then done now. */
  boolean seeks(long now) {
    if (sought && now - last < SELDOM_NANOS) {
      return false;
    }
    sought = true;
    last = now;
    return true;
  }
}
