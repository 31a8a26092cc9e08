package bailey.core.planner;

import bailey.core.bundle.BundleState;
import bailey.core.plan.Datum;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/** What is left of a bundle's container is removed, its record last. */
final class BundleEnd {
  private BundleEnd() {}

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
