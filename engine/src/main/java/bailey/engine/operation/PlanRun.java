package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.kernel.PlanExecutor.End;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.core.plan.Plan;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Executes a plan that does one thing and ends. */
final class PlanRun {
  private final Machine machine;

  PlanRun(Machine machine) {
    this.machine = machine;
  }

  /**
   * Executes {@code plan} and waits for its end.
   *
   * @param verb what it does, for errors
   * @throws bailey.core.error.ContainerException if a step is refused
   */
  void run(String verb, ContainerPath name, Plan plan) {
    try {
      var end = execute(plan, List.of());
      var failure = end.failure();
      if (failure != null) {
        throw StartOperation.refused(verb, name, plan, failure);
      }
    } catch (CompletionException e) {
      throw StartOperation.lost(verb, name, e);
    }
  }

  /**
   * Executes {@code plan} and waits for its end, which may be a failure.
   *
   * @throws CompletionException with {@link ExecutorLost}
   */
  End execute(Plan plan, List<Integer> descriptors) {
    return machine.kernel().executor().execute(plan, descriptors).end().join();
  }
}
