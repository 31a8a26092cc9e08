package bailey.core.planner;

import java.util.List;

/**
 * A file system that a program serves, and that is to go on being served when the program dies.
 *
 * @param source what /proc/self/mountinfo shows as its source
 * @param directory where it is mounted, an absolute path
 * @param record the directory in which it is recorded, which goes with it
 * @param program and arguments of what serves it, which gets the descriptor {@link
 *     ServingPlanner#DESCRIPTOR}
 * @param environment of that, {@code NAME=VALUE}
 */
public record ServingRequest(
    String source,
    String directory,
    String record,
    List<String> program,
    List<String> environment) {
  /** Locked for as long as somebody holds the descriptor. */
  public static final String LOCK = "lock";

  /** Where it is mounted. */
  public static final String DIRECTORY = "directory";

  /** What the program said. */
  public static final String LOG = "log";

  /** What the program has begun and not ended, for the one after it. */
  public static final String REQUESTS = "requests";

  /** Copies. */
  public ServingRequest {
    program = List.copyOf(program);
    environment = List.copyOf(environment);
  }
}
