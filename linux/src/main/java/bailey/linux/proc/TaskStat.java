package bailey.linux.proc;

import java.util.List;
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
 * @param terminal number of the controlling terminal, 0 if there is none
 * @param flags of the task: PF_ of the kernel's include/linux/sched.h
 * @param policy of scheduling, SCHED_ (sched(7))
 * @param startTime after boot, in clock ticks (1/100 s): with the pid it names a process for as
 *     long as the machine runs
 */
public record TaskStat(
    int pid,
    String command,
    char state,
    int parent,
    int group,
    int session,
    int terminal,
    long flags,
    int policy,
    long startTime) {
  /** Field 22; those behind the command begin with 3. */
  private static final int START_TIME = 22 - 3;

  private static final int TERMINAL = 7 - 3;
  private static final int FLAGS = 9 - 3;
  private static final int POLICY = 41 - 3;

  /** PF_EXITING. */
  private static final long EXITING = 0x4;

  /** PF_KTHREAD. */
  private static final long KERNEL_THREAD = 0x00200000;

  private static final int SCHED_FIFO = 1;
  private static final int SCHED_RR = 2;

  /** Whether it is a thread of the kernel. */
  public boolean ofKernel() {
    return (flags & KERNEL_THREAD) != 0;
  }

  /** Whether it is ending, or has ended. */
  public boolean ends() {
    return (flags & EXITING) != 0;
  }

  /** Whether it is scheduled in real time. */
  public boolean realTime() {
    return policy == SCHED_FIFO || policy == SCHED_RR;
  }

  /** Of a thread of a process, empty if it is gone. */
  public static Optional<TaskStat> read(long pid, long tid) {
    return parse(KernelFile.readOrEmpty("/proc/" + pid + "/task/" + tid + "/stat"));
  }

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
            number(words, TERMINAL),
            words.size() > FLAGS ? Digits.decimal(words.get(FLAGS)).orElse(0) : 0,
            number(words, POLICY),
            startTime.getAsLong()));
  }

  /** 0 where an older or shorter file does not have it. A terminal of a high number is negative. */
  private static int number(List<String> words, int field) {
    if (field >= words.size()) {
      return 0;
    }
    var word = words.get(field);
    var value = Digits.decimal(word.startsWith("-") ? word.substring(1) : word);
    return (int) value.orElse(0);
  }
}
