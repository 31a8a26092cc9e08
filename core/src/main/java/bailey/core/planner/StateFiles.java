package bailey.core.planner;

import java.util.List;

/**
 * Where bailey keeps what it knows of one container.
 *
 * @param directory its directory, made when the name is taken and removed last
 * @param report the file that its end is recorded in, outside of the directory, so that it outlives
 *     it; one that no other container had
 * @param gate the file whose lock keeps launches and removals apart: held shared from before the
 *     directory is made until its {@link #LOCK} is held, exclusively from before the lock of a
 *     directory to be removed is tried until it is held; so nobody takes a directory that is being
 *     made for one that was abandoned
 * @param bindings the file that says which subsystems are bound to which hierarchy; its name tells
 *     how often that changed, so that what was planned before a change finds that it is gone
 */
public record StateFiles(String directory, String report, String gate, String bindings) {
  /** What it is meant to become, written before the first step; see the engine's journal. */
  public static final String INTENT = "intent";

  /**
   * What the line of the intent begins with whose number tells the container from all others that
   * had or will have its name.
   */
  public static final String ID = "id=";

  /** The next one, until it is whole. */
  static final String INTENT_NEW = "intent.new";

  /**
   * Locked by the executor that looks after the container for as long as it lives
   * (fcntl_locking(2), open file description locks).
   */
  public static final String LOCK = "lock";

  /** There once a container that is to be started later is complete. */
  public static final String MADE = "made";

  /** There from when such a container is started. */
  public static final String STARTED = "started";

  /** /proc/PID/stat of its first process, as read after it started: number and start time. */
  public static final String FIRST = "first";

  /** Locked by the process that waits until the container is empty, as {@link #LOCK} is. */
  public static final String KEEPER = "keeper";

  /** /proc/PID/stat of that process. */
  public static final String KEEPER_TASK = "keeper.task";

  /** What is done when it gets empty, where that is not as for the container above. */
  public static final String ON_EMPTY = "on_empty";

  /** What became of the release agent when it was last run. */
  public static final String RELEASED = "released";

  /** The directory that holds its namespaces where it has any without a task, by their kinds. */
  public static final String NAMESPACES = "ns";

  /** What was set from outside and from inside, where the kernel does not keep it. */
  public static final String SETTINGS = "settings";

  /** All files, in the order in which they are removed. */
  static final List<String> ALL =
      List.of(
          FIRST,
          STARTED,
          MADE,
          SETTINGS,
          ON_EMPTY,
          KEEPER_TASK,
          KEEPER,
          RELEASED,
          INTENT_NEW,
          INTENT,
          LOCK);

  /** One of its files. */
  public String file(String name) {
    return directory + "/" + name;
  }
}
