package bailey;

import bailey.core.container.OnEmpty;
import bailey.core.spec.ContainerSpec;
import java.util.Optional;

/**
 * A container of its own for a task that runs, in the one that it is in. Immutable.
 *
 * @param container its limits and its name within that container, by default the number of the
 *     task. It stays until it is removed, whatever is said here
 * @param tree whether the task's descendants come along, as far as they are in the same container
 * @param onEmpty what is done when its last task has left; empty: as for the container that it is
 *     in
 */
public record CloneSpec(ContainerSpec container, boolean tree, Optional<OnEmpty> onEmpty) {
  /** The task alone, with what it starts from then on. */
  public static CloneSpec of(ContainerSpec container) {
    return new CloneSpec(container, false, Optional.empty());
  }

  /** The same with all descendants of the task, or without. */
  public CloneSpec tree(boolean on) {
    return new CloneSpec(container, on, onEmpty);
  }

  /** The same with something to be done when its last task has left. */
  public CloneSpec onEmpty(OnEmpty choice) {
    return new CloneSpec(container, tree, Optional.of(choice));
  }
}
