package bailey.cli.command;

import bailey.Container;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.StateDamaged;
import bailey.core.state.ContainerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A container as a list shows it. A list must neither fail because one container has gone meanwhile
 * nor because one record is damaged: the one is left out, of the other what is known is shown.
 *
 * @param container itself
 * @param name of it
 * @param state of it
 * @param pid of its first process
 * @param created when; empty where its record is damaged
 * @param command its first command; empty where none was started
 */
record Listed(
    Container container,
    String name,
    ContainerState state,
    OptionalLong pid,
    Optional<Instant> created,
    List<String> command) {
  /** Those of {@code containers} that are there. */
  static List<Listed> of(List<Container> containers) {
    var all = new ArrayList<Listed>();
    for (var container : containers) {
      var state = container.state();
      if (state == ContainerState.GONE) {
        continue;
      }
      try {
        all.add(
            new Listed(
                container,
                container.name(),
                state,
                container.pid(),
                Optional.of(container.created()),
                container.command()));
      } catch (StateDamaged _) {
        all.add(damaged(container));
      } catch (NoSuchContainer _) {
        // gone since
      }
    }
    return all;
  }

  private static Listed damaged(Container container) {
    return new Listed(
        container,
        container.name(),
        ContainerState.DAMAGED,
        OptionalLong.empty(),
        Optional.empty(),
        List.of());
  }

  /** Whether something runs in it, or is about to. */
  boolean active() {
    return States.active(state);
  }
}
