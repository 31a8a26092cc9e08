package bailey.cli.command;

import bailey.core.error.BadRequest;
import bailey.core.spec.Malformed;
import java.time.Duration;

/** Whether and for how long a planner stays, as the environment says. */
public final class Residence {
  /** {@code off}: every call has a JVM of its own. The executor reads it too (client.h). */
  static final String SERVE = "BAILEY_SERVE";

  /** How long a planner stays with nothing to do. */
  static final String IDLE = "BAILEY_IDLE";

  private static final Duration USUAL = Duration.ofMinutes(5);

  private Residence() {}

  /**
   * How long a planner that has nothing to do stays; zero: it does not.
   *
   * @throws BadRequest if a variable has a value that means nothing
   */
  public static Duration idle(Environment environment) {
    String serve = environment.get(SERVE, "");
    if (!serve.isEmpty() && !serve.equals("on") && !serve.equals("off")) {
      throw Malformed.value(SERVE, serve, "is neither on nor off", "one of these two");
    }
    String idle = environment.get(IDLE, "");
    if (idle.isEmpty()) {
      return USUAL;
    }
    return idle.equals("0") ? Duration.ZERO : Durations.parse(IDLE, idle);
  }
}
