package bailey.linux.exec;

import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.PlanRecord;
import bailey.core.plan.Step;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A plan that was sent, and what its events have told so far. Events are accepted by one thread;
 * the futures carry what they tell to others.
 */
final class RunningPlan implements PlanExecutor.Execution {
  private static final PlanRecord NOTHING = new PlanRecord(Map.of(), Map.of());

  private final Plan plan;
  private final PlanCodec.Encoded encoded;
  private final CompletableFuture<PlanExecutor.Start> start = new CompletableFuture<>();
  private final CompletableFuture<PlanExecutor.End> end = new CompletableFuture<>();
  private PlanExecutor.@Nullable Failure failure;
  private PlanRecord record = NOTHING;

  RunningPlan(Plan plan, PlanCodec.Encoded encoded) {
    this.plan = plan;
    this.encoded = encoded;
  }

  @Override
  public CompletableFuture<PlanExecutor.Start> start() {
    return start;
  }

  @Override
  public CompletableFuture<PlanExecutor.End> end() {
    return end;
  }

  /**
   * Takes an event.
   *
   * @return whether it was the last
   * @throws IllegalArgumentException if it cannot be one of this plan
   */
  boolean accept(PlanCodec.Event event) {
    return switch (event.signal()) {
      case STARTED -> {
        start.complete(new PlanExecutor.Start(event.value(), null));
        yield false;
      }
      case FAILED -> {
        var refused = failure(event);
        failure = refused;
        start.complete(new PlanExecutor.Start(0, refused));
        yield false;
      }
      case ENDED -> {
        record = PlanRecord.parse(event.data());
        yield false;
      }
      case DONE -> {
        start.complete(new PlanExecutor.Start(0, failure)); // of a plan that starts no command
        end.complete(new PlanExecutor.End((int) event.value(), record, failure));
        yield true;
      }
    };
  }

  private PlanExecutor.Failure failure(PlanCodec.Event event) {
    var refused = encoded.step(event.step());
    if (refused == null) {
      throw new IllegalArgumentException(
          plan.title() + ": the executor's step " + event.step() + " is not in the plan");
    }
    return failure(plan, refused, (int) -event.value());
  }

  /** That a step of a plan, or the call of an attempt, was refused. */
  @SuppressWarnings("ReferenceEquality") // equal steps are at different places
  static PlanExecutor.Failure failure(Plan plan, Step refused, int errno) {
    int number = 0;
    for (var step : plan.flattened()) {
      number++;
      if (step == refused || (step instanceof Step.Attempt a && a.call() == refused)) {
        return new PlanExecutor.Failure(number, step, errno);
      }
    }
    throw new IllegalArgumentException(plan.title() + ": has no step " + refused);
  }

  /** The executor is gone; what is not known by now will never be. */
  void lose(String why) {
    var lost = new PlanExecutor.ExecutorLost(plan.title() + ": " + why);
    start.completeExceptionally(lost);
    end.completeExceptionally(lost);
  }
}
