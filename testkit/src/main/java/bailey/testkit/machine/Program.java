package bailey.testkit.machine;

/** What a command of the fake machine does. */
@FunctionalInterface
public interface Program {
  /**
   * Runs.
   *
   * @return its exit code
   * @throws InterruptedException when it is killed
   */
  int run(Command command) throws InterruptedException;

  /** Reads until the end of its input. */
  Program UNTIL_INPUT_ENDS =
      command -> {
        while (command.readLine() != null) {
          Thread.onSpinWait();
        }
        return 0;
      };

  /** Runs until it is killed. */
  Program FOR_EVER =
      command -> {
        command.sleepForEver();
        return 0;
      };
}
