package bailey.core.planner;

import bailey.core.container.ContainerPath;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is left of a container that nobody looks after.
 *
 * @param name of the container
 * @param state where it is or was recorded
 * @param id which container of that name, as {@link StateFiles#ID} in its intent tells; 0 for one
 *     without an intent, empty where that cannot be told. Another one is left alone.
 * @param stray whether it has no record, only groups: then its name is taken meanwhile
 * @param groups its groups and those in them, as absolute paths, inner ones first
 * @param removed whether its record goes too; else only its groups do
 */
public record TeardownRequest(
    ContainerPath name,
    StateFiles state,
    OptionalLong id,
    boolean stray,
    List<String> groups,
    boolean removed) {
  /** Copies. */
  public TeardownRequest {
    groups = List.copyOf(groups);
  }
}
