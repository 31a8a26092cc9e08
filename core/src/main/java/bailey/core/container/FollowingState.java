package bailey.core.container;

/**
 * A state that is told when tasks come and go, and has a say in it (the callbacks of the kernel's
 * struct cgroup_subsys, whose names are given).
 *
 * <p>The model calls these methods while it holds a lock: they must not call the model.
 */
public interface FollowingState extends State {
  /**
   * A task forks in it (can_fork).
   *
   * @return whether it may
   */
  boolean start();

  /** A task in it ended, or was not started after all (exit, cancel_fork). */
  void end();

  /**
   * A task is to come from elsewhere (can_attach): room is made for it. Either {@link #commit} or
   * {@link #abort} follows, unless this refuses, by the result or by an exception.
   *
   * @param from the task's state until now, of the same kind
   * @return whether it may
   */
  boolean prepare(FollowingState from);

  /** It has come (attach): the room it had in {@code from} is free. */
  void commit(FollowingState from);

  /** It does not come (cancel_attach): the room made for it is free again. */
  void abort(FollowingState from);

  /** This state of a root is that of another hierarchy's root from now on (bind). */
  default void bind(Container root) {}
}
