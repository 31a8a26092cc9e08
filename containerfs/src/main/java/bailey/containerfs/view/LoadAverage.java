package bailey.containerfs.view;

import java.util.Locale;

/**
 * Load averages by the kernel's own arithmetic (include/linux/sched/loadavg.h, calc_load() in
 * kernel/sched/loadavg.c): every five seconds a part of the old value and the rest of the number of
 * tasks that run or wait for a disk, in numbers with 11 bits behind the point.
 *
 * @param one over a minute
 * @param five over five
 * @param fifteen over fifteen
 */
public record LoadAverage(long one, long five, long fifteen) {
  /** Nothing has ever run. */
  public static final LoadAverage ZERO = new LoadAverage(0, 0, 0);

  /** Seconds from one look to the next. */
  public static final int INTERVAL = 5;

  private static final int SHIFT = 11;
  private static final long FIXED_ONE = 1 << SHIFT;
  private static final long DECAY_ONE = 1884; // 1/exp(5s/1min)
  private static final long DECAY_FIVE = 2014; // 1/exp(5s/5min)
  private static final long DECAY_FIFTEEN = 2037; // 1/exp(5s/15min)
  private static final int MOST_STEPS = 4 * 3600 / INTERVAL;

  /**
   * After that many intervals in which so many tasks ran or waited.
   *
   * @param active number of tasks; an average may have parts of one
   */
  public LoadAverage after(double active, long intervals) {
    long fixed = Math.round(active * FIXED_ONE);
    var load = this;
    for (long i = Math.min(intervals, MOST_STEPS); i > 0; i--) { // then all is forgotten
      load =
          new LoadAverage(
              next(load.one, DECAY_ONE, fixed),
              next(load.five, DECAY_FIVE, fixed),
              next(load.fifteen, DECAY_FIFTEEN, fixed));
    }
    return load;
  }

  private static long next(long load, long decay, long active) {
    long sum = load * decay + active * (FIXED_ONE - decay);
    return (active >= load ? sum + FIXED_ONE - 1 : sum) / FIXED_ONE;
  }

  /**
   * /proc/loadavg.
   *
   * @param running tasks that run now
   * @param all tasks
   * @param newest the number of the newest
   */
  public String render(int running, int all, long newest) {
    return text(one)
        + " "
        + text(five)
        + " "
        + text(fifteen)
        + " "
        + running
        + "/"
        + all
        + " "
        + newest
        + "\n";
  }

  private static String text(long load) {
    long rounded = load + FIXED_ONE / 200;
    return String.format(
        Locale.ROOT, "%d.%02d", rounded >> SHIFT, ((rounded & (FIXED_ONE - 1)) * 100) >> SHIFT);
  }
}
