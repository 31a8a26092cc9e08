package bailey.kernel.engine;

import bailey.ContainerSystem;
import bailey.core.kernel.Ability;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.FileLocks;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.Processes;
import bailey.core.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The real kernel, but for its executors: they keep the plan and refuse to do it. */
final class PlanCapture implements Kernel {
  private final Kernel kernel;

  private PlanCapture(Kernel kernel) {
    this.kernel = kernel;
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
    try (var system = ContainerSystem.open(new PlanCapture(kernel), state)) {
      use.accept(system);
    } catch (Captured captured) {
      return captured.plan;
    }
    throw new AssertionError("no plan was executed");
  }

  @Override
  public KernelFeatures features() {
    return kernel.features();
  }

  @Override
  public List<HostMount> mounts() {
    return kernel.mounts();
  }

  @Override
  public CgroupFiles cgroups(CgroupLayout layout) {
    return kernel.cgroups(layout);
  }

  @Override
  public Processes processes() {
    return kernel.processes();
  }

  @Override
  public FileLocks locks() {
    return kernel.locks();
  }

  @Override
  public Pipe pipe(Pipe.Direction direction) {
    return kernel.pipe(direction);
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

  @Override
  public List<Ability> abilities() {
    return kernel.abilities();
  }

  @Override
  public void close() {}
}
