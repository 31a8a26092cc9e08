package bailey.oci.runtime;

import bailey.core.abi.Sys;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.error.StepFailed;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.core.plan.Plan;
import bailey.core.plan.Step;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Has plans executed by the executor that started this process, and says why one failed. */
final class PlanRuns {
  private final Kernel kernel;

  PlanRuns(Kernel kernel) {
    this.kernel = kernel;
  }

  private PlanExecutor starter() {
    return kernel
        .starter()
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    "a container can only be made by the bailey program itself; start it as"
                        + " bailey-oci"));
  }

  /**
   * Executes a plan.
   *
   * @param attempt such as {@code cannot start container web}
   * @return the number of the process that it started, 0 where it started none
   */
  long run(String attempt, Plan plan) {
    try {
      var execution = starter().execute(plan, List.of());
      var start = execution.start().join();
      if (start.failure() == null) {
        return start.pid();
      }
      execution.end().join(); // what was made is undone then
      throw refused(attempt, plan, start.failure());
    } catch (CompletionException e) {
      if (e.getCause() instanceof ExecutorLost lost) {
        throw new StateDamaged(
            attempt + ": the executor ended in the middle of it, " + lost.getMessage(), lost);
      }
      throw e;
    }
  }

  private static StepFailed refused(String attempt, Plan plan, PlanExecutor.Failure failure) {
    var step = failure.step();
    String what = step.note().what();
    boolean execution =
        what.startsWith("executing ")
            && (step instanceof Step.Fail
                || (step instanceof Step.Call call && call.call() == Sys.EXECVE));
    return new StepFailed(
        attempt
            + ": "
            + what
            + " (step "
            + failure.number()
            + " of "
            + plan.flattened().size()
            + ", "
            + step.note().because()
            + ")",
        failure.number(),
        failure.errno(),
        null,
        execution);
  }
}
