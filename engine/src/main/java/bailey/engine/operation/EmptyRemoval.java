package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.plan.Plan;
import bailey.core.planner.RemovalPlanner;
import bailey.core.planner.TeardownPlanner;
import bailey.core.planner.TeardownRequest;
import bailey.engine.journal.Intent;
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
    var intent = machine.journal().lastIntent(name).filter(this::isPlain);
    if (intent.isEmpty() || !machine.journal().children(name).isEmpty()) {
      return false;
    }
    TeardownRequest request;
    try {
      request = request(intent.get());
    } catch (NotPossibleHere | BadRequest _) {
      return false; // what it has cannot be had here any more: what it really has must be looked up
    }
    return execute(name, new RemovalPlanner(machine.features()).plan(request));
  }

  private boolean execute(ContainerPath name, Plan plan) {
    try {
      var failure = new PlanRun(machine).execute(plan, List.of()).failure();
      if (failure == null) {
        machine.journal().forget(name);
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

  /** One that was made without a command, for nobody but the machine, where groups are now. */
  private boolean isPlain(Intent intent) {
    return intent.command().isEmpty()
        && !intent.spec().boundary()
        && intent.spec().pinned().isEmpty()
        && intent.cgroups().equals(machine.features().cgroups().base().orElse(""));
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

  /**
   * Those that it was made with. What somebody has made besides by hand gc finds; and one that on
   * v2 got a group for its tasks, since it had containers in it, is refused for that by the kernel.
   */
  private List<String> groups(Intent intent) {
    return List.copyOf(DriftOperation.placement(machine, intent).distinct());
  }
}
