package bailey.core.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A kernel that does all by another one, which it leaves open, but what a subclass does otherwise.
 */
public abstract class ForwardingKernel implements Kernel {
  private final Kernel kernel;

  /** By {@code kernel}, whose owner closes it. */
  protected ForwardingKernel(Kernel kernel) {
    this.kernel = kernel;
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
  public Optional<String> text(ProcFile file) {
    return kernel.text(file);
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
  public Optional<List<NetAddress>> addresses(String device) {
    return kernel.addresses(device);
  }

  @Override
  public OptionalInt emptyMounts() {
    return kernel.emptyMounts();
  }

  @Override
  public PlanExecutor executor() {
    return kernel.executor();
  }

  @Override
  public Optional<PlanExecutor> starter() {
    return kernel.starter();
  }

  @Override
  public Origin origin() {
    return kernel.origin();
  }

  @Override
  public List<Ability> abilities() {
    return kernel.abilities();
  }

  @Override
  public void close() {}
}
