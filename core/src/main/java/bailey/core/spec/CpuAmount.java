package bailey.core.spec;

import bailey.core.error.BadRequest;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * How much CPU time may be used in each second, in CPUs: {@code 0.5} is half of one, {@code 2} is
 * two, {@code max} is no limit. Exact: the kernel's quota and period, whole microseconds, give
 * precisely the amount that was written, with the usual period of 100 ms where that can be and 1 s
 * where the amount is finer. The smallest amount is 0.001 (the kernel's least quota, 1 ms, in its
 * longest period, 1 s), the finest step 0.000001. A percentage is refused: of one CPU or of the
 * machine, nobody can tell.
 *
 * @param quotaMicros microseconds of CPU time for each period, from 1000; empty for {@code max}
 * @param periodMicros the period, 1000 to 1,000,000 microseconds
 * @see <a href="https://docs.kernel.org/scheduler/sched-bwc.html">CFS Bandwidth Control</a>;
 *     tg_set_cfs_bandwidth() checks the same bounds
 */
public record CpuAmount(OptionalLong quotaMicros, long periodMicros) {
  /** The kernel's default period. */
  public static final long USUAL_PERIOD_MICROS = 100_000;

  /** The kernel's longest period (max_cfs_quota_period). */
  public static final long LONGEST_PERIOD_MICROS = 1_000_000;

  /** The kernel's shortest period and least quota (min_cfs_quota_period). */
  public static final long SHORTEST_MICROS = 1_000;

  /**
   * The kernel's largest quota: 44 bits of microseconds (max_bw_runtime_us, kernel/sched/core.c).
   */
  public static final long LARGEST_QUOTA_MICROS = (1L << 44) - 1;

  /** No limit. */
  public static final CpuAmount MAX = new CpuAmount(OptionalLong.empty(), USUAL_PERIOD_MICROS);

  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,17})(?:\\.([0-9]{1,30}))?");

  private static final int FRACTION_DIGITS = 6;
  private static final long MILLION = 1_000_000;

  private static final String EXAMPLE = "a number of CPUs, for example 0.5 or 2, or max";

  /** Refuses what the kernel would. */
  public CpuAmount {
    if (periodMicros < SHORTEST_MICROS || periodMicros > LONGEST_PERIOD_MICROS) {
      throw new IllegalArgumentException(
          "a CPU period must be 1000 to 1000000 microseconds, not " + periodMicros);
    }
    long quota = quotaMicros.orElse(SHORTEST_MICROS);
    if (quota < SHORTEST_MICROS || quota > LARGEST_QUOTA_MICROS) {
      throw new IllegalArgumentException(
          "a CPU quota must be 1000 to " + LARGEST_QUOTA_MICROS + " microseconds, not " + quota);
    }
  }

  /**
   * Reads an amount as a user writes it.
   *
   * @param option what the value was given to, such as {@code --cpus}
   * @throws BadRequest naming {@code option}, the text and an example
   */
  public static CpuAmount parse(String option, String text) {
    if (text.equals("max")) {
      return MAX;
    }
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Malformed.value(option, text, "is not an amount of CPU", EXAMPLE);
    }
    // no BigDecimal: to initialise that class takes a tenth of a command line's start
    String fraction = match.group(2) == null ? "" : match.group(2).replaceFirst("0+$", "");
    if (fraction.length() > FRACTION_DIGITS) {
      throw Malformed.value(option, text, "is finer than a millionth of a CPU", EXAMPLE);
    }
    long cpus = Long.parseLong(match.group(1));
    String digits = fraction + "0".repeat(FRACTION_DIGITS - fraction.length());
    long millionths =
        Math.min(cpus, LARGEST_QUOTA_MICROS / SHORTEST_MICROS) * MILLION + Long.parseLong(digits);
    // the usual period where it gives a whole quota that the kernel takes, else the longest
    long divisor = MILLION / USUAL_PERIOD_MICROS;
    boolean usual = millionths % divisor == 0 && millionths / divisor >= SHORTEST_MICROS;
    long quota = usual ? millionths / divisor : millionths;
    if (quota < SHORTEST_MICROS) {
      throw Malformed.value(
          option, text, "is less than 0.001, the least the kernel allows", EXAMPLE);
    }
    if (quota > LARGEST_QUOTA_MICROS) {
      throw Malformed.value(option, text, "is more CPUs than the kernel can count", EXAMPLE);
    }
    return new CpuAmount(
        OptionalLong.of(quota), usual ? USUAL_PERIOD_MICROS : LONGEST_PERIOD_MICROS);
  }

  /** The value of the control file {@code cpu.max}: {@code QUOTA PERIOD} or {@code max PERIOD}. */
  public String controlText() {
    return (quotaMicros.isPresent() ? Long.toString(quotaMicros.getAsLong()) : "max")
        + " "
        + periodMicros;
  }

  /** The amount in CPUs as {@link #parse} reads it, such as {@code 0.5}; or {@code max}. */
  @Override
  public String toString() {
    if (quotaMicros.isEmpty()) {
      return "max";
    }
    long quota = quotaMicros.getAsLong();
    long rest = (quota % periodMicros * MILLION + periodMicros / 2) / periodMicros;
    long whole = quota / periodMicros + rest / MILLION;
    String fraction = Long.toString(MILLION + rest % MILLION).substring(1).replaceFirst("0+$", "");
    return fraction.isEmpty() ? Long.toString(whole) : whole + "." + fraction;
  }
}
