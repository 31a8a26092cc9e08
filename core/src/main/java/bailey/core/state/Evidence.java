package bailey.core.state;

/**
 * The traces that a container leaves on disk and in the kernel, from which its state follows
 * whoever died in between.
 *
 * @param intent its record of what it is meant to become
 * @param attended whether its lock is held, by an executor that looks after it
 * @param owned whether it was created to be started later, by a process that is still there, or to
 *     stay
 * @param first its first process
 * @param ended whether its end is recorded
 * @param frozen whether its tasks are stopped
 */
public record Evidence(
    Intent intent, boolean attended, boolean owned, First first, boolean ended, boolean frozen) {
  /** The record of what a container is meant to become. */
  public enum Intent {
    /** There is not even a directory for it. */
    NONE,
    /** Not written: nothing was made yet, or everything was removed. */
    BLANK,
    /** Cut short, or otherwise not what was written. */
    DAMAGED,
    /** Whole. */
    WHOLE
  }

  /** The first process of a container. */
  public enum First {
    /** None was noted. */
    NONE,
    /** It runs, the very same that was noted. */
    LIVES,
    /** It was noted and has ended. */
    GONE
  }

  /** No trace at all. */
  public static final Evidence NOTHING =
      new Evidence(Intent.NONE, false, false, First.NONE, false, false);

  /** The state that these traces amount to. */
  public ContainerState state() {
    return switch (intent) {
      case NONE -> ContainerState.GONE;
      case BLANK -> attended ? ContainerState.STARTING : ContainerState.ABANDONED;
      case DAMAGED -> ContainerState.DAMAGED;
      case WHOLE -> ended ? ContainerState.ENDED : attended ? withKeeper() : withoutKeeper();
    };
  }

  private ContainerState withKeeper() {
    return switch (first) {
      case NONE -> ContainerState.STARTING;
      case LIVES, GONE -> frozen ? ContainerState.FROZEN : ContainerState.RUNNING;
    };
  }

  private ContainerState withoutKeeper() {
    return switch (first) {
      case NONE -> owned ? ContainerState.CREATED : ContainerState.ABANDONED;
      case LIVES -> ContainerState.UNATTENDED;
      case GONE -> ContainerState.ABANDONED;
    };
  }
}
