package bailey.kernel.engine;

import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.ForwardingKernel;
import bailey.core.kernel.Kernel;
import bailey.core.kernel.KernelFeatures;
import bailey.core.subsystem.CgroupFeatures;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The real kernel, where it has cgroup v1, as if cgroup2 were not mounted. */
final class WithoutCgroup2 extends ForwardingKernel {
  private final KernelFeatures features;

  private WithoutCgroup2(Kernel kernel, KernelFeatures features) {
    super(kernel);
    this.features = features;
  }

  static Kernel of(Kernel kernel) {
    var f = kernel.features();
    var c = f.cgroups();
    // No ability that is lacking: a machine with v2 alone is as it should be.
    Assumptions.assumeTrue(c.mounts().containsKey("freezer"), "this machine has cgroup v2 alone");
    var layout = new CgroupLayout(c.mounts(), Optional.empty(), List.of(), c.own(), c.base());
    var controllers = new HashMap<>(f.controllers().controllers());
    controllers.keySet().removeIf(name -> !c.mounts().containsKey(name));
    return new WithoutCgroup2(
        kernel,
        new KernelFeatures(
            f.arch(),
            f.release(),
            f.uid(),
            f.gid(),
            f.capabilities(),
            layout,
            new CgroupFeatures(f.controllers().pageSize(), controllers),
            f.namespaces(),
            f.fileSystems(),
            f.userId(),
            f.groupId(),
            f.newuidmap(),
            f.newgidmap(),
            f.procOvermounted(),
            f.surroundings()));
  }

  @Override
  public KernelFeatures features() {
    return features;
  }
}
