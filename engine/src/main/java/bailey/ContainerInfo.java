package bailey;

import bailey.core.state.ContainerState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a container, all of it from one moment.
 *
 * @param name its path in the tree of containers
 * @param state where it is in its life; {@code GONE} where it does not exist
 * @param pid its first process, as seen here; empty where none was started, or it has ended
 * @param created when it was made; empty where it is gone, its record is damaged, or it is being
 *     made or removed at that moment
 * @param command program and arguments of its first command; empty where none was started, or as
 *     for {@code created}; of one made inside of a boundary, that of its oldest process now
 * @param guest whether it was made inside of a boundary, so that nothing of it is recorded here
 */
public record ContainerInfo(
    String name,
    ContainerState state,
    OptionalLong pid,
    Optional<Instant> created,
    List<String> command,
    boolean guest) {
  /** Copies. */
  public ContainerInfo {
    command = List.copyOf(command);
  }
}
