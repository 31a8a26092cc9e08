package bailey.core.state;

import java.util.Optional;

/**
 * The first process of a container, as it was noted after it started.
 *
 * @param pid in the pid namespace of the executor
 * @param startTicks in clock ticks after boot
 */
public record FirstTask(long pid, long startTicks) {
  /** Fields of /proc/PID/stat before the start time, after the command (proc_pid_stat(5)). */
  private static final int START_TIME = 22 - 3;

  /** From a copy of /proc/PID/stat; empty if it is none. */
  public static Optional<FirstTask> parse(String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 2 || close < open) {
      return Optional.empty();
    }
    var fields = stat.substring(close + 1).strip().split(" ", -1);
    if (fields.length <= START_TIME) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new FirstTask(
              Long.parseLong(stat.substring(0, open - 1)), Long.parseLong(fields[START_TIME])));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
