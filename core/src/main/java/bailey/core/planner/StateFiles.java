package bailey.core.planner;

/**
 * Where bailey keeps what it knows of one container.
 *
 * @param directory its directory, made when the name is taken and removed last
 * @param report the file that its end is recorded in, outside of the directory, so that it outlives
 *     it
 */
public record StateFiles(String directory, String report) {
  /** What it is meant to become, written before the first step; see the engine's journal. */
  public static final String INTENT = "intent";

  /** Locked (fcntl(2)) by the executor that looks after the container for as long as it lives. */
  public static final String LOCK = "lock";

  /** /proc/PID/stat of its first process, as read after it started: number and start time. */
  public static final String FIRST = "first";

  /** The record of its end (PlanRecord), written whole and then given this name. */
  public static final String END = "end";
}
