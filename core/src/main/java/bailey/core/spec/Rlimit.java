package bailey.core.spec;

import bailey.core.error.BadRequest;
import java.util.Locale;

/**
 * A resource limit (getrlimit(2)).
 *
 * @param resource which
 * @param soft the limit in force; {@link #INFINITY} for none
 * @param hard what the soft one may be raised to
 */
public record Rlimit(Resource resource, long soft, long hard) {
  /** No limit: RLIM_INFINITY. */
  public static final long INFINITY = -1;

  /** The resources (asm-generic/resource.h). */
  @SuppressWarnings("MissingSummary")
  public enum Resource {
    CPU(0),
    FSIZE(1),
    DATA(2),
    STACK(3),
    CORE(4),
    RSS(5),
    NPROC(6),
    NOFILE(7),
    MEMLOCK(8),
    AS(9),
    LOCKS(10),
    SIGPENDING(11),
    MSGQUEUE(12),
    NICE(13),
    RTPRIO(14),
    RTTIME(15);

    private final int number;

    Resource(int number) {
      this.number = number;
    }

    /** Its number for prlimit(2). */
    public int number() {
      return number;
    }
  }

  /** Checks that the soft limit is not above the hard one. */
  public Rlimit {
    if (Long.compareUnsigned(soft, hard) > 0) {
      throw new BadRequest(
          "--rlimit: "
              + name(resource)
              + " has a soft limit of "
              + soft
              + " above its hard one, "
              + hard);
    }
  }

  /**
   * Parses {@code nofile=1024} or {@code nofile=1024:4096}; {@code max} is no limit.
   *
   * @throws BadRequest naming what is wrong
   */
  public static Rlimit parse(String text) {
    int equals = text.indexOf('=');
    if (equals > 0) {
      String name = text.substring(0, equals).toUpperCase(Locale.ROOT).replace("RLIMIT_", "");
      for (var resource : Resource.values()) {
        if (resource.name().equals(name)) {
          var values = text.substring(equals + 1).split(":", -1);
          if (values.length <= 2) {
            long soft = value(text, values[0]);
            return new Rlimit(resource, soft, values.length == 1 ? soft : value(text, values[1]));
          }
        }
      }
    }
    throw wrong(text);
  }

  private static long value(String text, String value) {
    if (value.equals("max") || value.equals("unlimited")) {
      return INFINITY;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static BadRequest wrong(String text) {
    return new BadRequest(
        "--rlimit: "
            + text
            + " is not a resource limit; write NAME=SOFT or NAME=SOFT:HARD, for example"
            + " nofile=1024:4096");
  }

  private static String name(Resource resource) {
    return resource.name().toLowerCase(Locale.ROOT);
  }
}
