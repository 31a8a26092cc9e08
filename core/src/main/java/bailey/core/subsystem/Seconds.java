package bailey.core.subsystem;

import bailey.core.container.ValueFormat;
import bailey.core.spec.Malformed;
import java.util.regex.Pattern;

/**
 * Seconds with up to nine decimals, also negative ones: {@code -3600}, {@code 86400.5}. The most is
 * what proc_timens_set_offset() (kernel/time/namespace.c) takes: KTIME_SEC_MAX / 2.
 */
public record Seconds() implements ValueFormat {
  private static final Pattern FORM = Pattern.compile("(-?)([0-9]{1,10})(?:\\.([0-9]{1,9}))?");
  private static final long MOST = Long.MAX_VALUE / 1_000_000_000 / 2;
  private static final int DIGITS = 9;

  @Override
  public String canonical(String control, String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw Malformed.value(control, text, "is no number of seconds", help());
    }
    long seconds = Long.parseLong(match.group(2));
    if (seconds >= MOST) {
      throw Malformed.range(control, text, "is not below " + MOST, help());
    }
    long nanos = match.group(3) == null ? 0 : Long.parseLong(padded(match.group(3)));
    boolean negative = match.group(1).equals("-") && (seconds > 0 || nanos > 0);
    return text(negative, seconds, nanos);
  }

  private static String padded(String decimals) {
    return decimals + "0".repeat(DIGITS - decimals.length());
  }

  private static String text(boolean negative, long seconds, long nanos) {
    var digits = Long.toString(nanos);
    var decimals = ("0".repeat(DIGITS - digits.length()) + digits).replaceAll("0+$", "");
    return (negative ? "-" : "") + seconds + (decimals.isEmpty() ? "" : "." + decimals);
  }

  /**
   * A line for timens_offsets: the clock, whole seconds rounded down, and the nanoseconds above
   * them.
   *
   * @param canonical a canonical value
   */
  public static String line(String clock, String canonical) {
    var match = FORM.matcher(canonical);
    if (!match.matches()) {
      throw new IllegalArgumentException(canonical + " is no canonical value");
    }
    long seconds = Long.parseLong(match.group(2));
    long nanos = match.group(3) == null ? 0 : Long.parseLong(padded(match.group(3)));
    if (match.group(1).equals("-")) {
      seconds = nanos == 0 ? -seconds : -seconds - 1;
      nanos = nanos == 0 ? 0 : 1_000_000_000 - nanos;
    }
    return clock + " " + seconds + " " + nanos + "\n";
  }

  /** The offset of a clock in the text of timens_offsets; empty where it has none. */
  static String offset(String text, String clock) {
    for (var line : text.lines().toList()) {
      var words = line.strip().split(" +", -1);
      if (words.length == 3 && words[0].equals(clock)) {
        long seconds = Long.parseLong(words[1]);
        long nanos = Long.parseLong(words[2]);
        return seconds >= 0
            ? text(false, seconds, nanos)
            : nanos == 0
                ? text(true, -seconds, 0)
                : text(true, -seconds - 1, 1_000_000_000 - nanos);
      }
    }
    return "";
  }

  @Override
  public String help() {
    return "seconds, also negative, with up to nine decimals, for example 86400.5";
  }
}
