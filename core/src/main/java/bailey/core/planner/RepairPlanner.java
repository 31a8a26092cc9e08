package bailey.core.planner;

import bailey.core.abi.Sys;
import bailey.core.container.ContainerPath;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Plans to give a container back the control groups that somebody else took from it by hand. Any
 * thread.
 */
public final class RepairPlanner {
  private final KernelFeatures features;

  /** A planner for a machine. */
  public RepairPlanner(KernelFeatures features) {
    this.features = features;
  }

  /**
   * The container that is repaired.
   *
   * @param name of it
   * @param spec what it is to be
   * @param userBase as it got it when it was made
   * @param state where it is recorded
   * @param id tells it from all others of its name
   */
  public record Target(
      ContainerPath name, ContainerSpec spec, int userBase, StateFiles state, long id) {}

  /**
   * The groups that such a container has on this machine.
   *
   * @throws bailey.core.error.ContainerException if it cannot be had here any more
   */
  public Placement groups(Target target) {
    return cgroups(target).placement();
  }

  private CgroupSteps cgroups(Target target) {
    return CgroupSteps.of(
        features,
        target.name(),
        target.spec(),
        IdentityMap.of(features, target.spec(), target.userBase()),
        CgroupSteps.Phase.START);
  }

  /**
   * Gives a group its name back (rename(2); v1 alone has it for groups, within their parent).
   *
   * @param from what it is called now, as an absolute path
   * @param to what it was called
   */
  public Plan rename(Target target, String from, String to) {
    return plan(
        target,
        steps ->
            steps.call(
                "renaming the cgroup " + from + " to " + to,
                Sys.RENAMEAT2,
                Steps.cwd(),
                Operand.text(from),
                Steps.cwd(),
                Operand.text(to),
                Operand.number(0)));
  }

  /**
   * Makes groups that are not there any more, with the limits that the container was made with.
   *
   * @param missing their absolute paths
   */
  public Plan make(Target target, Set<String> missing) {
    return plan(target, steps -> cgroups(target).makeAgain(steps, missing));
  }

  private Plan plan(Target target, Consumer<Steps> repair) {
    var steps = new Steps(new Registers());
    steps.because("the state directory");
    var gate = LockSteps.prepare(steps, target.state().gate(), "gate");
    gate.take(steps, LockSteps.Kind.SHARED, true);
    TeardownPlanner.compare(steps, target.state(), target.id());
    steps.because("cgroups");
    repair.accept(steps);
    steps.because("the state directory");
    gate.release(steps);
    return PlanVerifier.verify(
        new Plan("repair " + target.name(), features.arch(), List.of(), steps.list()));
  }
}
