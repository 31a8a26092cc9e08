package bailey.core.kernel;

import bailey.core.plan.Plan;
import bailey.core.plan.PlanRecord;
import bailey.core.plan.Step;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Executes plans, many at a time. Any thread may call it. Closing it ends what its plans started,
 * except what they detached.
 */
public interface PlanExecutor extends AutoCloseable {
  /**
   * Starts the execution of {@code plan}.
   *
   * @param descriptors native descriptors for {@link Plan#descriptors()}, in that order; they stay
   *     the caller's and may be closed when this returns
   * @return what becomes of it
   */
  Execution execute(Plan plan, List<Integer> descriptors);

  @Override
  void close();

  /** A plan in execution. Its futures never fail except by {@link ExecutorLost}. */
  interface Execution {
    /** The process id of the command once it runs, or the failure of a step before. */
    CompletableFuture<Start> start();

    /** The end of the plan: its record, if it collected one, and its status. */
    CompletableFuture<End> end();
  }

  /** How a start went: exactly one of the two is there. {@code pid} as seen by the executor. */
  record Start(long pid, @Nullable Failure failure) {}

  /**
   * A refused step.
   *
   * @param number of the step in the plan, from 1, in the order of {@link Plan#flattened()}
   * @param step itself
   * @param errno positive
   */
  record Failure(int number, Step step, int errno) {}

  /** How a plan ended. */
  record End(int status, PlanRecord record, @Nullable Failure failure) {}

  /** The executor process is gone. */
  final class ExecutorLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what is known of it. */
    public ExecutorLost(String message) {
      super(message);
    }
  }
}
