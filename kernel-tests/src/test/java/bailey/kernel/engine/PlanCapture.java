package bailey.kernel.engine;

import bailey.ContainerSystem;
import bailey.core.kernel.ForwardingKernel;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The real kernel, but for its executors: they keep the plan and refuse to do it. */
public final class PlanCapture extends ForwardingKernel {
  private PlanCapture(Kernel kernel) {
    super(kernel);
  }

  private static final class Captured extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Plan plan;

    Captured(Plan plan) {
      this.plan = plan;
    }
  }

  /** The first plan that {@code use} would have executed. */
  static Plan plan(Kernel kernel, String state, Consumer<ContainerSystem> use) {
    return plan(
        kernel,
        capture -> {
          try (var system = ContainerSystem.open(capture, state)) {
            use.accept(system);
          }
        });
  }

  /** The first plan that {@code use} of the kernel it gets would have executed. */
  public static Plan plan(Kernel kernel, Consumer<Kernel> use) {
    try {
      use.accept(new PlanCapture(kernel));
    } catch (Captured captured) {
      return captured.plan;
    }
    throw new AssertionError("no plan was executed");
  }

  @Override
  public PlanExecutor executor() {
    return new PlanExecutor() {
      @Override
      public Execution execute(Plan plan, List<Integer> descriptors) {
        throw new Captured(plan);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Optional<PlanExecutor> starter() {
    return Optional.of(executor());
  }
}
