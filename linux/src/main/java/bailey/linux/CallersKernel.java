package bailey.linux;

import bailey.core.kernel.Ability;
import bailey.core.kernel.Caller;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.FileLocks;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.NetAddress;
import bailey.core.kernel.Origin;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.PlanExecutor;
import bailey.core.kernel.ProcFile;
import bailey.core.kernel.Processes;
import bailey.linux.proc.CgroupMembership;
import bailey.linux.proc.GroupPlaces;
import bailey.linux.proc.MountEntry;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The kernel as a caller sees it, who stands where this process stands but in other control groups.
 * One thread.
 */
final class CallersKernel implements Kernel {
  private final LinuxKernel kernel;
  private final Caller caller;
  private final Processes processes;
  private @Nullable KernelFeatures features;

  CallersKernel(LinuxKernel kernel, Caller caller) {
    this.kernel = kernel;
    this.caller = caller;
    this.processes =
        new LinuxProcesses(
            caller.call().pid(), () -> GroupPlaces.of(features().cgroups(), MountEntry.readAll()));
  }

  @Override
  public KernelFeatures features() {
    var known = features;
    if (known == null) {
      known = kernel.features(CgroupMembership.read(caller.call().pid()));
      features = known;
    }
    return known;
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
    return processes;
  }

  @Override
  public Optional<List<NetAddress>> addresses(String device) {
    return kernel.addresses(device); // who stands where this stands has its network
  }

  @Override
  public OptionalInt emptyMounts() {
    return kernel.emptyMounts();
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
    return kernel.executor();
  }

  @Override
  public Optional<PlanExecutor> starter() {
    return Optional.of(caller.executor());
  }

  @Override
  public Origin origin() {
    return caller.call().origin();
  }

  @Override
  public List<Ability> abilities() {
    return kernel.abilities(features());
  }

  /** Nothing: the kernel is the planner's, and others use it. */
  @Override
  public void close() {}
}
