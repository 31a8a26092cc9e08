package bailey.core.planner;

import bailey.core.container.ContainerPath;
import bailey.core.container.OnEmpty;
import java.util.List;

/**
 * A container that somebody has to watch, since something is to be done when it gets empty.
 *
 * @param name of the container
 * @param state where it is recorded
 * @param id which container of that name, as {@link StateFiles#ID} in its intent tells
 * @param watched the kernel's file that tells whether tasks are in it: cgroup.events or
 *     cgroup.procs
 * @param groups its groups, as absolute paths, inner ones first
 * @param action what is to be done
 * @param agent for {@link OnEmpty#NOTIFY}: the program that is run with the container's name
 */
public record KeeperRequest(
    ContainerPath name,
    StateFiles state,
    long id,
    String watched,
    List<String> groups,
    OnEmpty action,
    String agent) {
  /** Copies. */
  public KeeperRequest {
    groups = List.copyOf(groups);
  }
}
