package bailey.core.container;

import org.jspecify.annotations.Nullable;

/**
 * A task (a thread of the kernel). It is in one container of each hierarchy, and finds the state of
 * any subsystem there by one array index, however many containers there are and however deep. See
 * {@link Hierarchies}, which starts, moves and ends tasks.
 *
 * <p>Any thread may call any method. It has 32 bytes on a JVM with compressed references.
 */
public final class Task {
  private final int number;

  /** Null after its end. Changed under the lock of the set that it is in. */
  private volatile @Nullable TaskSet set;

  /** Its neighbours in the set, under the set's lock. */
  @Nullable Task next;

  @Nullable Task previous;

  Task(int number, TaskSet set) {
    this.number = number;
    this.set = set;
  }

  /** Its number in the pid namespace of whoever holds the model. */
  public int number() {
    return number;
  }

  /** Whether it has ended. */
  public boolean ended() {
    return set == null;
  }

  /**
   * Its state of a subsystem, as it is at this moment.
   *
   * @param subsystem what {@link Hierarchies#index} said
   * @throws IllegalStateException where it has ended
   */
  public State state(int subsystem) {
    return set().states[subsystem];
  }

  /**
   * Its state of a subsystem that counts.
   *
   * @param subsystem what {@link Hierarchies#index} said
   * @throws IllegalStateException where it has ended
   */
  public ResourceCounter counter(int subsystem) {
    return (ResourceCounter) state(subsystem);
  }

  /**
   * Charges the container that it is in at this moment.
   *
   * @param subsystem what {@link Hierarchies#index} said
   * @return what to uncharge later, wherever the task is then; null where a limit is in the way
   * @throws IllegalStateException where it has ended
   */
  public @Nullable ResourceCounter charge(int subsystem, long amount) {
    var counter = counter(subsystem);
    return counter.charge(amount) == null ? counter : null;
  }

  /**
   * The container of a hierarchy that it is in at this moment.
   *
   * @throws bailey.core.error.BadRequest where it has ended
   * @throws bailey.core.error.NoSuchContainer where the hierarchy is not mounted
   */
  public Container container(Hierarchy hierarchy) {
    return hierarchy.machine().holder(this, hierarchy);
  }

  TaskSet set() {
    var in = set;
    if (in == null) {
      throw new IllegalStateException("task " + number + " has ended");
    }
    return in;
  }

  @Nullable TaskSet setOrNull() {
    return set;
  }

  boolean isIn(TaskSet other) {
    return set == other;
  }

  void set(@Nullable TaskSet to) {
    set = to;
  }

  @Override
  public String toString() {
    return "task " + number;
  }
}
