package bailey.core.kept;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What of a plan differs from call to call.
 *
 * @param naming whose the name is
 * @param name of the container
 * @param time when it is created, see {@link #time(Instant)} and {@link #stamp(Instant)}
 */
public record Particulars(Naming naming, String name, String time) {
  private static final int TIME_LENGTH = "0000-00-00T00:00:00.000000Z".length();
  private static final int STAMP_LENGTH = 19;

  /** Who says what a container is called. */
  public enum Naming {
    /** The caller, by the last word of the call, which may be another one the next time. */
    LAST_WORD,
    /** The caller, by any word: a call with another name is another call. */
    FIXED,
    /** Nobody: each call invents one, see {@link bailey.core.container.InventedName}. */
    INVENTED
  }

  /** RFC 3339 with microseconds, always as long. */
  public static String time(Instant instant) {
    String text = instant.truncatedTo(ChronoUnit.MICROS).toString();
    String time = text.substring(0, text.length() - 1);
    String fraction = time.indexOf('.') < 0 ? ".000000" : "000"; // it has none, 3 or 6 digits
    return (time + fraction).substring(0, TIME_LENGTH - 1) + "Z";
  }

  /**
   * Nanoseconds since 1970 by their digits, which are as many from 2001 to 2286.
   *
   * @throws IllegalArgumentException if it is before or after that
   */
  public static String stamp(Instant instant) {
    String text = Long.toString(instant.getEpochSecond() * 1_000_000_000L + instant.getNano());
    if (text.length() != STAMP_LENGTH || text.startsWith("-")) {
      throw new IllegalArgumentException(instant + " is not of these centuries");
    }
    return text;
  }

  /** The instant of a {@link #stamp}. */
  public static Instant instant(String stamp) {
    return Instant.EPOCH.plusNanos(Long.parseLong(stamp));
  }

  /** Whether the time is a {@link #stamp}. */
  boolean isStamped() {
    return time.length() == STAMP_LENGTH;
  }

  /** Another name, which differs from this in each letter and digit, and in nothing else. */
  Particulars otherName() {
    return new Particulars(naming, other(name), time);
  }

  /** Another time, in the same way. */
  Particulars otherTime() {
    return new Particulars(naming, name, other(time).replace('U', 'T').replace('A', 'Z'));
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
