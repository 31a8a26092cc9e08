package bailey.core.kept;

import bailey.core.plan.Plan;
import java.util.List;
import java.util.function.Function;

/**
 * Takes plans that were made for a call and have been executed, for the same call when it comes
 * again. Nothing comes back: whether it is kept is the keeper's affair, and what is kept is looked
 * at by who is called. One thread.
 */
public interface PlanKeeper {
  /**
   * Keeps one.
   *
   * @param particulars that it was made with
   * @param facts what it depends on, besides the call itself and the machine's features
   * @param planner makes it again, with other particulars: from what was looked at before, which
   *     the facts tell, and nothing else. It may be called after this has returned, by any thread
   */
  void keep(Particulars particulars, List<Fact> facts, Function<Particulars, Plan> planner);

  /**
   * Keeps one that is good for the very same call only, if that was not made for the first time.
   *
   * @param facts as above
   */
  void keep(List<Fact> facts, Plan plan);
}
