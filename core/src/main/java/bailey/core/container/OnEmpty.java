package bailey.core.container;

import java.util.Locale;

/**
 * What happens when a container's last task leaves it. Set per container and inherited; whatever
 * the subsystem, so that a namespace can persist without tasks and a controller can vanish with its
 * last one.
 */
public enum OnEmpty {
  /** Nothing: the container stays. */
  IGNORE,
  /** The hierarchy's release agent is run; where there is none, nothing. */
  NOTIFY,
  /** The container is removed, unless it has children. */
  DELETE;

  private static final Choice CHOICE = Choice.of("ignore", "notify", "delete");

  /**
   * What {@code text} says.
   *
   * @throws bailey.core.error.BadRequest naming {@code option} and what may be written
   */
  public static OnEmpty parse(String option, String text) {
    return valueOf(CHOICE.canonical(option, text).toUpperCase(Locale.ROOT));
  }

  /** As a user writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
