package bailey.cli.command;

import bailey.core.error.BadRequest;
import bailey.core.spec.Malformed;
import java.time.Duration;

/** Spans of time as users write them: {@code 30s}, {@code 1h30m}, {@code 500ms}, {@code 90}. */
public final class Durations {
  private static final String REMEDY = "a time such as 30s, 5m, 1h30m or 500ms";

  private Durations() {}

  /**
   * Reads one; a number alone is seconds.
   *
   * @throws BadRequest naming {@code option} if it is none, zero, or more than 292 years
   */
  public static Duration parse(String option, String text) {
    var total = Duration.ZERO;
    int at = 0;
    long smaller = Long.MAX_VALUE; // units come from large to small, each once
    try {
      while (at < text.length()) {
        int unit = digits(text, at);
        int next = letters(text, unit);
        long millis = millis(text.substring(unit, next), at == 0);
        if (unit == at || millis == 0 || millis >= smaller) {
          throw Malformed.value(option, text, "is not a time", REMEDY);
        }
        long number = Long.parseLong(text.substring(at, unit));
        total = total.plusMillis(Math.multiplyExact(number, millis));
        smaller = millis;
        at = next;
      }
      if (total.toNanos() == 0) {
        throw Malformed.value(option, text, "is no time at all", REMEDY);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw Malformed.value(option, text, "is longer than 292 years", REMEDY);
    }
    return total;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static int letters(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
      at++;
    }
    return at;
  }

  /** How long a unit is; 0 for none. */
  private static long millis(String unit, boolean first) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      case "" -> first ? 1000 : 0;
      default -> 0;
    };
  }
}
