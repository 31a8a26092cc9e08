package bailey.core.state;

import java.util.Locale;

/** Where a container is in its life. */
public enum ContainerState {
  /** Made ready, no task has run in it yet. */
  CREATED,
  /** Being started: somebody looks after it, its first process is not there yet. */
  STARTING,
  /** Its first process runs and is looked after. */
  RUNNING,
  /** As running, but all its tasks are stopped. */
  FROZEN,
  /** Its first process runs, but whoever looked after it is gone: its end will not be recorded. */
  UNATTENDED,
  /** It has ended, and how is recorded. */
  ENDED,
  /** Whoever made or ran it is gone before the end was recorded, and so is its first process. */
  ABANDONED,
  /** Its record cannot be read. */
  DAMAGED,
  /** It is not there, or not any more. */
  GONE;

  /** Its name as people read it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
