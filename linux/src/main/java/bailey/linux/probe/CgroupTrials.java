package bailey.linux.probe;

import bailey.core.kernel.Ability;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupFiles.Refused;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.PlanExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Trials of control groups: in each hierarchy a group is made where bailey makes its own, looked
 * at, and removed.
 */
final class CgroupTrials {
  /** A controller of bailey, by the kernel's names for it. */
  private record Kind(String v1, String v2, String use) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("memory", "memory", "--memory, peak usage, out-of-memory reports"),
          new Kind("cpu", "cpu", "--cpus and CPU weights"),
          new Kind("cpuset", "cpuset", "choosing CPUs and memory nodes"),
          new Kind("pids", "pids", "--pids"),
          new Kind("blkio", "io", "limits of disk input and output"),
          new Kind("hugetlb", "hugetlb", "limits of huge pages"));

  private static final String V2_LACKING =
      "Mount cgroup v2 (boot with systemd.unified_cgroup_hierarchy=1)";

  private final KernelFeatures features;
  private final CgroupLayout layout;
  private final CgroupFiles files;
  private final PlanExecutor executor;
  private final TrialPlans plans;
  private final List<Ability> found = new ArrayList<>();

  CgroupTrials(
      KernelFeatures features, CgroupFiles files, PlanExecutor executor, TrialPlans plans) {
    this.features = features;
    this.layout = features.cgroups();
    this.files = files;
    this.executor = executor;
    this.plans = plans;
  }

  List<Ability> run() {
    for (var kind : KINDS) {
      controller(kind);
    }
    found.add(
        eitherVersion(
            "cpuacct", Optional.ofNullable(layout.mounts().get("cpuacct")), "counting CPU time"));
    found.add(
        eitherVersion(
            "freezer", Optional.ofNullable(layout.mounts().get("freezer")), "freeze and thaw"));
    if (layout.mounts().containsKey("devices")) { // v2 has a BPF program instead, tried elsewhere
      found.add(
          group(
              "devices controller (v1)", "which devices a container may use", "devices", Set.of()));
    }
    unified();
    return found;
  }

  private void controller(Kind kind) {
    var version = layout.version(kind.v1(), kind.v2());
    String name = kind.v2() + " controller";
    if (version.isEmpty()) {
      absent(
          name,
          kind.use(),
          features.privileged()
              ? "This kernel has it switched off: look at cgroup_disable= in /proc/cmdline"
              : "Not delegated to this user: as root set Delegate=yes for user@.service (systemd)");
      return;
    }
    String kernelName = version.get() == CgroupVersion.V1 ? kind.v1() : kind.v2();
    tryGroup(name + " (" + words(version.get()) + ")", kind.use(), kernelName, Set.of());
  }

  private static String words(CgroupVersion version) {
    return version == CgroupVersion.V1 ? "v1" : "v2";
  }

  /** What v1 has as a controller and v2 without one. */
  private Ability eitherVersion(String v1, Optional<String> v1Mount, String use) {
    if (v1Mount.isPresent()) {
      return group(v1 + " controller (v1)", use, v1, Set.of());
    }
    return layout.unified().isPresent()
        ? group(v1 + " (v2, without a controller)", use, CgroupFiles.CORE, Set.of())
        : new Ability(v1 + " controller", false, use, V2_LACKING);
  }

  private void unified() {
    record Part(String name, String use, String since) {}
    var parts =
        List.of(
            new Part("cgroup.kill", "killing a container as one", "Linux 5.14"),
            new Part("cgroup.freeze", "freezing a container as one", "Linux 5.2"),
            new Part("cgroup.events", "hearing that a container is empty", "Linux 4.13"));
    for (var part : parts) {
      if (layout.unified().isEmpty()) {
        absent(part.name(), part.use(), V2_LACKING);
      } else {
        tryGroup(part.name(), part.use(), CgroupFiles.CORE, Set.of(part.name()));
      }
    }
    birth();
  }

  private void tryGroup(String name, String use, String controller, Set<String> wanted) {
    found.add(group(name, use, controller, wanted));
  }

  /** Makes a group; it must have these files. */
  private Ability group(String name, String use, String controller, Set<String> wanted) {
    return inGroup(
        name,
        use,
        controller,
        group -> {
          var there = files.files(controller, group);
          return there.containsAll(wanted)
              ? new Ability(name, true, use, "")
              : new Ability(name, false, use, "It needs a newer kernel, which has " + wanted);
        });
  }

  private interface Look {
    Ability at(String group);
  }

  private Ability inGroup(String name, String use, String controller, Look look) {
    if (layout.base().isEmpty()) {
      return new Ability(
          name,
          false,
          use,
          "This user may make no control groups: run bailey as root, or in a delegated one:"
              + " 'systemd-run --user --scope -p Delegate=yes bailey ...'");
    }
    String group = group(layout.base().get());
    try {
      files.mkdir(controller, group);
      try {
        return look.at(group);
      } finally {
        files.rmdir(controller, group);
      }
    } catch (Refused e) {
      return new Ability(
          name, false, use, e.getMessage() + ". Run bailey where control groups are writable");
    }
  }

  /** A group beside bailey's own, which another bailey may make or remove at any moment. */
  private static String group(String base) {
    return base.substring(1) + "-doctor-" + ProcessHandle.current().pid();
  }

  private void birth() {
    String name = "CLONE_INTO_CGROUP";
    String use = "a container's first process is born in its control group";
    if (layout.unified().isEmpty()) {
      absent(name, use, V2_LACKING);
      return;
    }
    String top = layout.unified().get();
    found.add(
        inGroup(
            name,
            use,
            CgroupFiles.CORE,
            group ->
                new Trial(name, use, "Linux 5.7", plans.bornIn(name, top + "/" + group))
                    .run(executor, features.privileged())));
  }

  private void absent(String name, String use, String remedy) {
    found.add(new Ability(name, false, use, remedy));
  }
}
