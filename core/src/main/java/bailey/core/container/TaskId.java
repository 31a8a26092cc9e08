package bailey.core.container;

/**
 * A task (a thread of the kernel) by its number in the pid namespace of whoever holds the model.
 *
 * @param number from 1
 */
public record TaskId(int number) {
  /** Refuses what is no task. */
  public TaskId {
    if (number < 1) {
      throw new IllegalArgumentException("a task has a positive number, not " + number);
    }
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
