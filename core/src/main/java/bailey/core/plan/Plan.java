package bailey.core.plan;

import bailey.core.abi.Arch;
import java.util.ArrayList;
import java.util.List;

/**
 * An ordered list of steps that realises one change, with its undo in it.
 *
 * @param title what it does, such as {@code run job-42}
 * @param arch the architecture of the machine that is to execute it
 * @param descriptors registers that hold, at the start, the descriptors sent along, in this order
 * @param steps what is done
 */
public record Plan(String title, Arch arch, List<Register> descriptors, List<Step> steps) {
  /** Copies the lists. */
  public Plan {
    descriptors = List.copyOf(descriptors);
    steps = List.copyOf(steps);
  }

  /**
   * All steps in the order in which they are printed and numbered (from 1): a step before the steps
   * inside it.
   */
  public List<Step> flattened() {
    var all = new ArrayList<Step>();
    flatten(steps, all);
    return all;
  }

  private static void flatten(List<Step> steps, List<Step> all) {
    for (var step : steps) {
      all.add(step);
      flatten(inside(step), all);
    }
  }

  /** The steps inside of a step, none for most. */
  static List<Step> inside(Step step) {
    return switch (step) {
      case Step.Attempt attempt -> attempt.rest();
      case Step.When when -> when.body();
      case Step.Spawn spawn -> spawn.child();
      case Step.Watch watch -> watch.child();
      case Step.Undo undo -> undo.steps();
      default -> List.of();
    };
  }
}
