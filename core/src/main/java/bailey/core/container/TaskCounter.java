package bailey.core.container;

import org.jspecify.annotations.Nullable;

/**
 * Counts tasks: one that starts is charged, one that ends given back, one that is moved is charged
 * where it goes and given back where it was. Counters that are above both places are left alone, so
 * that a full one cannot refuse a move within it.
 */
public final class TaskCounter extends ResourceCounter implements FollowingState {
  /** No tasks, no limit, below {@code parent}. */
  public TaskCounter(@Nullable TaskCounter parent) {
    super(parent);
  }

  @Override
  public boolean start() {
    return charge(1) == null;
  }

  @Override
  public void end() {
    uncharge(1);
  }

  @Override
  public boolean prepare(FollowingState from) {
    return charge(1, common((TaskCounter) from)) == null;
  }

  @Override
  public void commit(FollowingState from) {
    var left = (TaskCounter) from;
    left.uncharge(1, common(left));
  }

  @Override
  public void abort(FollowingState from) {
    uncharge(1, common((TaskCounter) from));
  }
}
