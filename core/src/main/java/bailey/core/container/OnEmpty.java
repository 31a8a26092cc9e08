package bailey.core.container;

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
  DELETE
}
