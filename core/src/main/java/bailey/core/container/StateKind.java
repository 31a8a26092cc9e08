package bailey.core.container;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subsystem as the model of tasks sees it (the kernel's struct cgroup_subsys).
 *
 * @param name of the subsystem
 * @param onEmpty what a container with such a state may do when its last task leaves
 * @param followsTasks whether its states are {@link FollowingState}s
 * @param maker of states; null where a state says no more than whose it is: the container itself is
 *     it
 */
public record StateKind(
    String name, Set<OnEmpty> onEmpty, boolean followsTasks, @Nullable Maker maker) {
  /** Makes the state of a new container (css_alloc). */
  @FunctionalInterface
  public interface Maker {
    /**
     * A state.
     *
     * @param container it is for
     * @param above the state of the nearest container above that has one; null for the first root
     */
    State make(Container container, @Nullable State above);
  }

  /** Copies, in the order in which {@link OnEmpty} has them. */
  public StateKind {
    var ordered = EnumSet.noneOf(OnEmpty.class);
    ordered.addAll(onEmpty);
    onEmpty = Collections.unmodifiableSet(ordered);
  }

  /** A state that says whose it is and no more: a namespace, the freezer. */
  public static StateKind plain(Subsystem subsystem) {
    return new StateKind(subsystem.name(), subsystem.onEmpty(), false, null);
  }

  /** A {@link ResourceCounter}: memory. */
  public static StateKind counting(Subsystem subsystem) {
    return new StateKind(
        subsystem.name(),
        subsystem.onEmpty(),
        false,
        (_, above) -> new ResourceCounter((ResourceCounter) above));
  }

  /** A {@link TaskCounter}: pids. */
  public static StateKind ofTasks(Subsystem subsystem) {
    return new StateKind(
        subsystem.name(),
        subsystem.onEmpty(),
        true,
        (_, above) -> new TaskCounter((TaskCounter) above));
  }
}
