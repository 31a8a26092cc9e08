package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;

import bailey.core.abi.Flags;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import java.util.List;

/** Plans that a mount which nobody serves any more is taken away. Any thread. */
public final class UnmountPlanner {
  private final KernelFeatures features;

  /** A planner for a machine. */
  public UnmountPlanner(KernelFeatures features) {
    this.features = features;
  }

  /** The plan for what is mounted at a directory. */
  public Plan plan(String directory) {
    var steps = new Steps(new Registers()).because("nobody serves it");
    steps.call(
        "unmounting " + directory, Sys.UMOUNT2, Operand.text(directory), number(Flags.MNT_DETACH));
    return PlanVerifier.verify(
        new Plan("unmount " + directory, features.arch(), List.of(), steps.list()));
  }
}
