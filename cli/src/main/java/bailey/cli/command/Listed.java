package bailey.cli.command;

import bailey.Container;
import bailey.ContainerInfo;
import bailey.cli.output.HumanText;
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
 * @param info what is known of it
 */
record Listed(Container container, ContainerInfo info) {
  /** Those of {@code containers} that are there. */
  static List<Listed> of(List<Container> containers) {
    var all = new ArrayList<Listed>();
    for (var container : containers) {
      var info = container.info();
      // Of one that is being made or removed at this moment nothing can be shown yet, or any more.
      if (info.created().isPresent() || info.state() == ContainerState.DAMAGED || shown(info)) {
        all.add(new Listed(container, info));
      }
    }
    return all;
  }

  /** Of a guest's container it is not known when it was made. */
  private static boolean shown(ContainerInfo info) {
    return info.guest() && info.state() != ContainerState.GONE;
  }

  /** As it may be printed: a guest's containers are called what the guest likes. */
  String name() {
    return info.guest() ? HumanText.printable(info.name()) : info.name();
  }

  ContainerState state() {
    return info.state();
  }

  OptionalLong pid() {
    return info.pid();
  }

  Optional<Instant> created() {
    return info.created();
  }

  List<String> command() {
    return info.command();
  }

  /** Whether something runs in it, or is about to. */
  boolean active() {
    return States.active(info.state());
  }
}
