package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import java.util.List;

/** Plans that files of control groups become the guest's. Any thread. */
public final class GuestGroupPlanner {
  private final KernelFeatures features;

  /** A planner for a machine. */
  public GuestGroupPlanner(KernelFeatures features) {
    this.features = features;
  }

  /**
   * The plan.
   *
   * @param paths of directories and files of groups, absolute
   * @param owner the user and group outside whom the guest's root is
   */
  public Plan plan(List<String> paths, int owner) {
    var steps = new Steps(new Registers()).because("the guest made it");
    for (var path : paths) {
      steps.call(
          "handing over " + path,
          OnError.allow(Errno.ENOENT),
          Sys.FCHOWNAT,
          Steps.cwd(),
          Operand.text(path),
          Operand.number(owner),
          Operand.number(owner),
          Operand.number(Flags.AT_SYMLINK_NOFOLLOW, Notation.AT));
    }
    return PlanVerifier.verify(
        new Plan("hand over groups", features.arch(), List.of(), steps.list()));
  }
}
