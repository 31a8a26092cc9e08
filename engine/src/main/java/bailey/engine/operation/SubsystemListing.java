package bailey.engine.operation;

import bailey.SubsystemPlace;
import bailey.core.container.Subsystem;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.KernelFeatures;
import bailey.core.subsystem.CgroupFeatures;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Namespace;
import bailey.core.subsystem.Subsystems;
import java.util.List;
import java.util.Locale;

/** Lists the subsystems there are, and where this machine has them. */
public final class SubsystemListing {
  private final Machine machine;
  private final KernelFeatures features;

  /** On a machine. */
  public SubsystemListing(Machine machine) {
    this.machine = machine;
    this.features = machine.features();
  }

  /** All, in their fixed order. */
  public List<SubsystemPlace> list() {
    return Subsystems.standard().all().stream().map(this::place).toList();
  }

  private SubsystemPlace place(Subsystem subsystem) {
    if (!machine.has(subsystem.name())) {
      var holder = machine.bindings().holder(subsystem.name());
      return new SubsystemPlace(subsystem, true, "bound to the hierarchy " + holder);
    }
    return switch (subsystem) {
      case Controller controller -> ofController(controller);
      case Namespace namespace -> ofNamespace(namespace);
      default -> new SubsystemPlace(subsystem, true, "kept by bailey");
    };
  }

  private SubsystemPlace ofController(Controller controller) {
    CgroupFeatures groups = features.controllers();
    var version = controller.version(groups);
    if (version.isEmpty()) {
      return new SubsystemPlace(controller, false, absence(controller));
    }
    String name = controller.kernelController(version.get());
    return new SubsystemPlace(
        controller,
        true,
        "cgroup "
            + version.get().name().toLowerCase(Locale.ROOT)
            + " at "
            + groups.hierarchy(name).orElse("?"));
  }

  private String absence(Controller controller) {
    String v1 = controller.kernelController(CgroupVersion.V1);
    String v2 = controller.kernelController(CgroupVersion.V2);
    if (v2.equals(Controller.CORE)) {
      return "neither cgroup v2 nor the v1 hierarchy "
          + v1
          + " is mounted; mount -t cgroup2 none /sys/fs/cgroup";
    }
    return "no cgroup hierarchy here has the kernel's controller "
        + (v1.equals(v2) ? v1 : v1 + " (v1) or " + v2 + " (v2)")
        + "; mount it, or boot without cgroup_disable="
        + v2;
  }

  private SubsystemPlace ofNamespace(Namespace namespace) {
    boolean there = features.namespaces().contains(namespace.namespace().file());
    return new SubsystemPlace(
        namespace,
        there,
        there
            ? "namespace"
            : "this kernel was built without "
                + namespace.name()
                + " namespaces; use one that has them (namespaces(7))");
  }
}
