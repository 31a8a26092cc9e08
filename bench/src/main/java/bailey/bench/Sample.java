package bailey.bench;

import java.util.Arrays;
import java.util.Locale;

/** Times of one subject, nanoseconds. */
final class Sample {
  private final long[] sorted;

  Sample(long[] nanos) {
    sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  /** The time that the fraction {@code at} of all does not exceed. */
  double micros(double at) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (at * sorted.length))] / 1e3;
  }

  /** The median. */
  double median() {
    return micros(0.5);
  }

  /** Milliseconds, three significant digits. */
  static String millis(double micros) {
    double millis = micros / 1e3;
    return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.1f", millis);
  }
}
