package bailey.containerfs.view;

import java.util.Locale;

/** /proc/uptime. */
public final class Uptime {
  private static final long HUNDREDTH = 10_000_000;

  private Uptime() {}

  /**
   * The text.
   *
   * @param up nanoseconds since its first process started
   * @param idle nanoseconds that its CPUs had nothing to do, summed
   */
  public static String render(long up, long idle) {
    return seconds(up) + " " + seconds(idle) + "\n";
  }

  private static String seconds(long nanos) {
    long hundredths = Math.max(0, nanos) / HUNDREDTH;
    long rest = hundredths % 100;
    return String.format(Locale.ROOT, "%d.%02d", hundredths / 100, rest);
  }

  /** Nanoseconds that the machine is up, from its own. */
  public static long nanos(String machine) {
    int point = machine.indexOf('.');
    int space = machine.indexOf(' ');
    return point < 0 || space < point
        ? 0
        : (Figures.one(machine.substring(0, point)) * 100
                + Figures.one(machine.substring(point + 1, space)))
            * HUNDREDTH;
  }
}
