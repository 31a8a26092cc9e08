package bailey.engine.journal;

import bailey.core.container.ContainerPath;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.planner.TeardownRequest;
import bailey.core.state.ContainerState;
import bailey.core.state.Evidence;
import bailey.core.state.FirstTask;
import bailey.engine.group.Groups;
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
 * @param guest the groups of one that was made inside of a boundary: nothing of it is recorded here
 */
public record Recorded(
    ContainerPath name,
    Evidence evidence,
    Optional<Intent> intent,
    Optional<StateDamaged> damage,
    Optional<FirstTask> first,
    boolean foreign,
    Optional<Groups> guest) {
  /** Of one that is recorded, or of which there is nothing. */
  public Recorded(
      ContainerPath name,
      Evidence evidence,
      Optional<Intent> intent,
      Optional<StateDamaged> damage,
      Optional<FirstTask> first,
      boolean foreign) {
    this(name, evidence, intent, damage, first, foreign, Optional.empty());
  }

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
   * @throws NotPossibleHere if it was made inside of a boundary, and so is recorded there
   * @throws NoSuchContainer if nothing is recorded
   */
  public Intent need() {
    if (intent.isPresent()) {
      return intent.get();
    }
    if (guest.isPresent()) {
      throw new NotPossibleHere(
          name
              + ": this was made inside of a boundary, where it is recorded; from here it can be"
              + " looked at, limited, frozen and killed");
    }
    throw damage.isPresent()
        ? damage.get()
        : new NoSuchContainer(name + ": it is being made or removed at this moment; try again");
  }
}
