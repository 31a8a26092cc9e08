package bailey.containerfs.tree;

import bailey.core.abi.Errno;
import java.util.Arrays;

/** Numbers of processes and threads as a user writes them: words of digits; 0 is the writer. */
final class TaskNumbers {
  private static final String SELF = "0";
  private static final int MOST_DIGITS = 10;

  private TaskNumbers() {}

  /** Of processes; the number of a thread stands for its process. */
  static long[] processes(Folder folder, String text, Caller caller) {
    return Arrays.stream(threads(text, caller))
        .map(number -> folder.system().processOf(number).orElseThrow(() -> gone(number)))
        .toArray();
  }

  /** Of threads. */
  static long[] threads(String text, Caller caller) {
    return Arrays.stream(text.strip().split("\\s+", -1))
        .mapToLong(word -> word.equals(SELF) ? self(caller) : number(word))
        .toArray();
  }

  /** The numbers as they are written; 0 stays 0. */
  static long[] parse(String text) {
    return Arrays.stream(text.strip().split("\\s+", -1)).mapToLong(TaskNumbers::number).toArray();
  }

  /** Whether the writer is one of them; not where they are malformed. */
  static boolean isAmong(Folder folder, String text, Caller caller) {
    try {
      var own = folder.system().processOf(caller.thread());
      return own.isPresent()
          && Arrays.stream(processes(folder, text, caller))
              .anyMatch(number -> number == own.getAsLong());
    } catch (FileRefused _) {
      return false;
    }
  }

  private static long self(Caller caller) {
    if (caller.thread() == 0) {
      throw new FileRefused(
          Errno.ESRCH, "0 is the process that writes, which cannot be seen from here");
    }
    return caller.thread();
  }

  private static FileRefused gone(long number) {
    return new FileRefused(Errno.ESRCH, "there is no process " + number);
  }

  private static long number(String word) {
    boolean digits = !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || word.length() > MOST_DIGITS) {
      throw new FileRefused(
          Errno.EINVAL, word + " is no number of a process; write for example 4711");
    }
    return Long.parseLong(word);
  }
}
