package bailey.core.planner;

import bailey.core.container.ContainerPath;
import java.util.List;

/**
 * What is left of a container that nobody looks after.
 *
 * @param name of the container
 * @param state where it is or was recorded
 * @param stray whether it has no record, only groups: then its name is taken meanwhile
 * @param groups its groups and those in them, as absolute paths, inner ones first
 * @param removed whether its record goes too; else only its groups do
 */
public record TeardownRequest(
    ContainerPath name, StateFiles state, boolean stray, List<String> groups, boolean removed) {
  /** Copies. */
  public TeardownRequest {
    groups = List.copyOf(groups);
  }
}
