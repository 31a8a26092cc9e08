package bailey.core.kernel;

import java.util.List;

/**
 * A process, as it was when it was looked at (proc_pid_stat(5), proc_pid_status(5)).
 *
 * @param pid in the pid namespace of this process
 * @param innerPid in its own pid namespace; the same number where that is this process's
 * @param parent in the pid namespace of this process; 0 where the parent is outside of it
 * @param startTicks when it started, in clock ticks (1/100 s) after boot: with {@code pid} it names
 *     the process for as long as the machine runs
 * @param state one letter: R runs, S sleeps, D waits for a device, T is stopped, Z has ended
 * @param uid effective user id, in the user namespace of this process
 * @param command the name of its program, up to 15 bytes
 * @param arguments its program and arguments; empty for a process that has ended
 */
public record TaskInfo(
    long pid,
    long innerPid,
    long parent,
    long startTicks,
    char state,
    int uid,
    String command,
    List<String> arguments) {
  /** Copies. */
  public TaskInfo {
    arguments = List.copyOf(arguments);
  }
}
