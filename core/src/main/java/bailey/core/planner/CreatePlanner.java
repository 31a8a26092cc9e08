package bailey.core.planner;

import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * Plans a container that has no task yet: its name, its record, its control groups with their
 * limits. Who made it owns it until it is started. Any thread.
 */
public final class CreatePlanner {
  private final KernelFeatures features;

  /** A planner for a machine. */
  public CreatePlanner(KernelFeatures features) {
    this.features = features;
  }

  /** Whether {@code step} is where a plan finds out that it was made for other hierarchies. */
  public static boolean checksBindings(Step step) {
    return step.note().because().equals(StateSteps.BINDINGS);
  }

  /**
   * The plan.
   *
   * @param request as for the launch that is to follow, which then says {@code made}
   * @throws bailey.core.error.BadRequest if the request is wrong in itself
   * @throws bailey.core.error.NotPossibleHere if this kernel or this user cannot have it
   */
  public Plan plan(LaunchRequest request) {
    var steps = new Steps(new Registers());
    var spec = request.spec();
    var map = IdentityMap.of(features, spec, request.userBase());
    var cgroups = CgroupSteps.of(features, request.name(), spec, map, CgroupSteps.Phase.START);
    var _ =
        new SettingSteps( // refuses now what could not be set at the start
            features,
            spec,
            new NamespaceSteps(spec, request.name(), map.isPresent()),
            request.state().file(StateFiles.NAMESPACES));
    var state = new StateSteps(request);
    steps.because("the container");
    steps.add(
        new Step.Assign(
            LaunchPlanner.note(steps, "nothing is kept on failure"),
            EndSteps.kept(steps),
            LaunchPlanner.number(0)));
    state.take(steps);
    cgroups.make(steps);
    new PinSteps(features, request, cgroups).make(steps);
    state.finishMaking(steps);
    return PlanVerifier.verify(
        new Plan("create " + request.name(), features.arch(), List.of(), steps.list()));
  }
}
