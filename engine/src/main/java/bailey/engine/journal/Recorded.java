package bailey.engine.journal;

import bailey.core.container.ContainerPath;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.StateDamaged;
import bailey.core.planner.TeardownRequest;
import bailey.core.state.ContainerState;
import bailey.core.state.Evidence;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was found of a container, at one moment.
 *
 * @param name of it
 * @param evidence the traces
 * @param intent what it is meant to be, where that can be read
 * @param damage why it cannot be read
 * @param first its first process, if one was noted
 * @param foreign whether it was made in another pid namespace, so that its processes cannot be told
 *     from here
 */
public record Recorded(
    ContainerPath name,
    Evidence evidence,
    Optional<Intent> intent,
    Optional<StateDamaged> damage,
    Optional<FirstTask> first,
    boolean foreign) {
  /** Its state. */
  public ContainerState state() {
    return evidence.state();
  }

  /** What tells it from others of its name, for {@link TeardownRequest}. */
  public OptionalLong id() {
    return switch (evidence.intent()) {
      case WHOLE -> OptionalLong.of(need().id());
      case NONE, BLANK -> OptionalLong.of(0);
      case DAMAGED -> OptionalLong.empty();
    };
  }

  /**
   * What it is meant to be.
   *
   * @throws StateDamaged if that cannot be read
   * @throws NoSuchContainer if nothing is recorded
   */
  public Intent need() {
    if (intent.isPresent()) {
      return intent.get();
    }
    throw damage.isPresent()
        ? damage.get()
        : new NoSuchContainer(name + ": it is being made or removed at this moment; try again");
  }
}
