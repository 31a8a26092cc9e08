package bailey.core.kept;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What of a plan differs from call to call.
 *
 * @param name of the container
 * @param time when it is created, see {@link #time(Instant)}
 */
public record Particulars(String name, String time) {
  private static final int TIME_LENGTH = "0000-00-00T00:00:00.000000Z".length();

  /** RFC 3339 with microseconds, always as long. */
  public static String time(Instant instant) {
    String text = instant.truncatedTo(ChronoUnit.MICROS).toString();
    String time = text.substring(0, text.length() - 1);
    String fraction = time.indexOf('.') < 0 ? ".000000" : "000"; // it has none, 3 or 6 digits
    return (time + fraction).substring(0, TIME_LENGTH - 1) + "Z";
  }

  /** Another name, which differs from this in each letter and digit, and in nothing else. */
  Particulars otherName() {
    return new Particulars(other(name), time);
  }

  /** Another time, in the same way. */
  Particulars otherTime() {
    return new Particulars(name, other(time).replace('U', 'T').replace('A', 'Z'));
  }

  private static String other(String text) {
    var other = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      other.append(other(text.charAt(i)));
    }
    return other.toString();
  }

  private static char other(char c) {
    if (c >= '0' && c <= '9') {
      return c == '9' ? '0' : (char) (c + 1);
    }
    if (c >= 'a' && c <= 'z') {
      return c == 'z' ? 'a' : (char) (c + 1);
    }
    if (c >= 'A' && c <= 'Z') {
      return c == 'Z' ? 'A' : (char) (c + 1);
    }
    return c;
  }
}
