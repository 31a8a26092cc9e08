package bailey.linux.proc;

import java.util.Optional;

/**
 * What bailey needs of /proc/PID/stat (proc_pid_stat(5)).
 *
 * @param pid in the reader's pid namespace
 * @param command name, which may contain anything, blanks and parentheses too
 * @param state one letter: R, S, D, T, t, Z, X, I
 * @param parent process id of the parent, 0 if it is outside of the reader's pid namespace
 * @param group process group
 * @param session session
 * @param startTime after boot, in clock ticks (1/100 s): with the pid it names a process for as
 *     long as the machine runs
 */
public record TaskStat(
    int pid, String command, char state, int parent, int group, int session, long startTime) {
  private static final int START_TIME = 22 - 3; // field 22; those behind the command begin with 3

  /** Of a process, empty if it is gone. */
  public static Optional<TaskStat> read(long pid) {
    return parse(KernelFile.readOrEmpty("/proc/" + pid + "/stat"));
  }

  /** Of the text of such a file, empty if it is none. */
  public static Optional<TaskStat> parse(String text) {
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 2 || close < open) {
      return Optional.empty();
    }
    int pid = Digits.small(text.substring(0, open - 1));
    String rest = text.substring(close + 1);
    var words = KernelFile.words(rest.endsWith("\n") ? rest.substring(0, rest.length() - 1) : rest);
    if (pid < 0 || words.size() <= START_TIME) {
      return Optional.empty();
    }
    int parent = Digits.small(words.get(1));
    int group = Digits.small(words.get(2));
    int session = Digits.small(words.get(3));
    var startTime = Digits.decimal(words.get(START_TIME));
    if (parent < 0 || group < 0 || session < 0 || startTime.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TaskStat(
            pid,
            text.substring(open + 1, close),
            words.get(0).charAt(0),
            parent,
            group,
            session,
            startTime.getAsLong()));
  }
}
