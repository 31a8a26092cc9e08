package bailey.containerfs.procview;

import bailey.ResourceTexts.Threads;
import bailey.containerfs.view.LoadAverage;
import java.util.function.Supplier;

/**
 * The load averages of a container. Its threads are only counted when it has used the CPU or waited
 * for a disk since the last look: so thousands of containers that do little cost a few files each.
 * One thread at a time.
 */
final class LoadSampling {
  static final long INTERVAL = LoadAverage.INTERVAL * 1_000_000_000L;

  /** Who uses less of the time is hardly ever met running. */
  private static final double HARDLY = 0.002;

  /** Who uses that much of its CPUs has probably wanted more. */
  private static final double NEARLY_ALL = 0.8;

  private LoadAverage load = LoadAverage.ZERO;
  private long steps;
  private long used;
  private long waited;

  /**
   * What was done until now, by which it is judged whether there is anything to count.
   *
   * @param up nanoseconds since the container's start
   * @param used nanoseconds of CPU time
   * @param waited microseconds in which something waited for a disk; -1: unknown
   * @param cpus how many it has
   */
  record Progress(long up, long used, long waited, int cpus) {}

  /** Nothing has run yet. */
  LoadSampling() {}

  /** Takes a look, if it is time to. */
  void look(Progress now, Supplier<Threads> threads) {
    long intervals = now.up() / INTERVAL - steps;
    if (intervals <= 0) {
      return;
    }
    double busy = (double) (now.used() - used) / (intervals * INTERVAL);
    boolean still = busy < HARDLY && now.waited() >= 0 && now.waited() == waited;
    double active = 0;
    if (!still) {
      var counted = threads.get();
      active = counted.running() + counted.waiting();
    }
    if (intervals > 1) { // nobody looked: it was about as what was used tells
      load =
          load.after(busy > NEARLY_ALL * now.cpus() ? Math.max(busy, active) : busy, intervals - 1);
    }
    load = load.after(active, 1);
    steps += intervals;
    used = now.used();
    waited = now.waited();
  }

  LoadAverage load() {
    return load;
  }
}
