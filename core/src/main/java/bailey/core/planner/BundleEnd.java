package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleState;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/** What is left of a bundle's container is killed and removed, its record last. */
final class BundleEnd {
  private BundleEnd() {}

  /** Kills all that is in its groups. */
  static void kill(Steps steps, KernelFeatures features, List<String> groups) {
    for (var group : groups) {
      // v1: a frozen task dies only after it thawed. Not there on v2.
      steps.write(
          "thawing " + group, Steps.cwd(), group + "/freezer.state", "THAWED", OnError.IGNORE);
      if (features.atLeast(5, 14)) {
        steps.write(
            "killing all in " + group, Steps.cwd(), group + "/cgroup.kill", "1", OnError.IGNORE);
      }
      var procs = steps.registers().number("procs");
      steps.call(
          "opening the list of its tasks",
          procs,
          OnError.allow(Errno.ENOENT, Errno.ENODEV),
          Sys.OPENAT,
          Steps.cwd(),
          Operand.text(group + "/cgroup.procs"),
          Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN),
          number(0));
      steps.when(
          "where it is there",
          number(-1),
          Step.Test.LESS,
          Operand.result(procs),
          inner -> {
            inner.add(
                new Step.KillListed(
                    new Step.Note("killing all in " + group, inner.because()),
                    Operand.result(procs)));
            inner.call("closing the list", OnError.IGNORE, Sys.CLOSE, Operand.result(procs));
          });
    }
  }

  /** Removes its groups, with those that were made in them, and its record. */
  static void remove(Steps steps, BundleState state, List<String> groups) {
    for (var group : groups) {
      steps.add(
          new Step.RemoveGroups(
              new Step.Note("removing the cgroup " + group, steps.because()),
              new Datum.Text(group)));
    }
    BundleStateSteps.removeAll(steps, state);
  }
}
