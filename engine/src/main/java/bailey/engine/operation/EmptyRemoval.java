package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.planner.Placement;
import bailey.core.planner.RemovalPlanner;
import bailey.core.planner.TeardownPlanner;
import bailey.core.planner.TeardownRequest;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/**
 * Removes containers that nothing is in, which is all that most are: by one plan, in which it is
 * the kernel that refuses. What became of the container is not looked at before.
 */
final class EmptyRemoval {
  private final Machine machine;

  /** On a machine. */
  EmptyRemoval(Machine machine) {
    this.machine = machine;
  }

  /**
   * Removes one.
   *
   * @return whether it is gone; false where there is something in it, or it is none of this kind:
   *     then it is there as before
   */
  boolean remove(ContainerPath name) {
    var intent = machine.journal().lastIntent(name).filter(EmptyRemoval::isPlain);
    if (intent.isEmpty() || !machine.journal().children(name).isEmpty()) {
      return false;
    }
    var plan = new RemovalPlanner(machine.features()).plan(request(intent.get()));
    try {
      var failure = new PlanRun(machine).execute(plan, List.of()).failure();
      if (failure == null) {
        return !machine.journal().isTaken(name);
      }
      if (!TeardownPlanner.claims(failure.step())) {
        new DriftOperation(machine).makeMissing(name);
      }
      return false;
    } catch (CompletionException e) {
      throw StartOperation.lost("remove", name, e);
    }
  }

  /** One that was made without a command, for nobody but the machine. */
  private static boolean isPlain(Intent intent) {
    return intent.command().isEmpty()
        && !intent.spec().boundary()
        && intent.spec().pinned().isEmpty();
  }

  private TeardownRequest request(Intent intent) {
    return new TeardownRequest(
        intent.name(),
        machine.state().files(intent.name(), intent.report()),
        OptionalLong.of(intent.id()),
        false,
        intent.cgroups().isEmpty() ? List.of() : groups(intent),
        true);
  }

  /** Those that it may have: where they are does not have to be looked up for that. */
  private List<String> groups(Intent intent) {
    var layout = machine.features().cgroups();
    var groups = new ArrayList<String>();
    for (var point : Groups.hierarchies(layout).values()) {
      var group = point + intent.cgroups() + "/" + intent.name().directory();
      if (layout.mounts().isEmpty()) { // of v2 alone it is told where its tasks are
        groups.add(group + "/" + Placement.LEAF);
      }
      groups.add(group);
    }
    return groups;
  }
}
