package bailey.cli.output;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** Quantities and names as people read them. Exact values are for JSON. */
public final class HumanText {
  private static final String UNITS = "KMGTPE";

  /** Shown where nothing is known. */
  public static final String UNKNOWN = "-";

  private HumanText() {}

  /** Bytes in units of 1024 with three digits at most: {@code 512}, {@code 1.5K}, {@code 64M}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return Long.toString(bytes);
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.5 && unit < UNITS.length() - 1) {
      value /= 1024;
      unit++;
    }
    boolean fraction = value < 9.95 && value != Math.rint(value);
    return String.format(Locale.ROOT, fraction ? "%.1f%c" : "%.0f%c", value, UNITS.charAt(unit));
  }

  /** {@link #bytes(long)}, or a hyphen. */
  public static String bytes(OptionalLong bytes) {
    return bytes.isPresent() ? bytes(bytes.getAsLong()) : UNKNOWN;
  }

  /** Time used, in microseconds: {@code 850us}, {@code 12ms}, {@code 1.25s}, {@code 2m05s}. */
  public static String micros(long micros) {
    if (micros < 1000) {
      return micros + "us";
    }
    if (micros < 1_000_000) {
      return micros / 1000 + "ms";
    }
    if (micros < 60_000_000) {
      return String.format(Locale.ROOT, "%d.%02ds", micros / 1_000_000, micros / 10_000 % 100);
    }
    return duration(Duration.ofSeconds(micros / 1_000_000));
  }

  /** {@link #micros(long)}, or a hyphen. */
  public static String micros(OptionalLong micros) {
    return micros.isPresent() ? micros(micros.getAsLong()) : UNKNOWN;
  }

  /** A plain number, or a hyphen. */
  public static String number(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : UNKNOWN;
  }

  /** The two largest units: {@code 7s}, {@code 2m05s}, {@code 3h20m}, {@code 12d04h}. */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, "m", seconds % 60, "s");
    }
    return seconds < 86400
        ? two(seconds / 3600, "h", seconds / 60 % 60, "m")
        : two(seconds / 86400, "d", seconds / 3600 % 24, "h");
  }

  private static String two(long large, String unit, long small, String smallUnit) {
    return large + unit + (small < 10 ? "0" : "") + small + smallUnit;
  }

  /** Text without control characters: those become {@code \n} or {@code \x1b}. */
  public static String printable(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = c < ' ' || (c >= 0x7F && c < 0xA0);
      if (control && out == null) {
        out = new StringBuilder(text.length() + 8).append(text, 0, i);
      }
      if (out == null) {
        continue;
      }
      if (!control) {
        out.append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\t') {
        out.append("\\t");
      } else {
        out.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      }
    }
    return out == null ? text : out.toString();
  }

  /** A command as one could type it into a shell: words with anything special in quotes. */
  public static String command(Iterable<String> words) {
    var out = new StringBuilder();
    for (var word : words) {
      out.append(out.isEmpty() ? "" : " ").append(quoted(word));
    }
    return out.toString();
  }

  private static String quoted(String word) {
    boolean plain = !word.isEmpty();
    for (int i = 0; i < word.length() && plain; i++) {
      char c = word.charAt(i);
      plain = c > 0x7F || Character.isLetterOrDigit(c) || "-_./=:,+@%^".indexOf(c) >= 0;
    }
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** At most {@code most} characters, the last three of them dots if something was cut. */
  public static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 3) + "...";
  }
}
