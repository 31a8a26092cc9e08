package bailey.core.planner;

import bailey.core.abi.Arch;
import bailey.core.container.ContainerPath;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.HostMount;
import bailey.core.kernel.KernelFeatures;
import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.core.kernel.Surroundings;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.subsystem.CgroupFeatures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Machines to plan for, and requests to them. */
enum Machine {
  /** Root on a hybrid of v1 and v2. */
  HYBRID,
  /** Root on v2. */
  UNIFIED,
  /** An ordinary user with subordinate ids, without a delegated cgroup. */
  USER,
  /** The same in a delegated cgroup of v2, with nothing delegated above it. */
  DELEGATED_USER,
  /** An ordinary user without anything. */
  BARE_USER;

  private static final long ALL_CAPABILITIES = 0x1ffffffffffL;

  KernelFeatures features() {
    boolean root = this == HYBRID || this == UNIFIED;
    boolean several = this == USER || this == DELEGATED_USER;
    var ids = several ? List.of(new IdRange(100_000, 65_536)) : List.<IdRange>of();
    return new KernelFeatures(
        Arch.X86_64,
        "6.12.48",
        root ? 0 : 1000,
        root ? 0 : 1000,
        root ? ALL_CAPABILITIES : 0,
        cgroups(),
        CgroupFeatures.of(cgroups(), 4096, Map.of()),
        Set.of("pid", "mnt", "uts", "ipc", "net", "user", "cgroup", "time"),
        Set.of("overlay", "tmpfs", "proc"),
        ids,
        ids,
        several ? "/usr/bin/newuidmap" : "",
        several ? "/usr/bin/newgidmap" : "",
        false,
        Surroundings.MACHINE);
  }

  private CgroupLayout cgroups() {
    return switch (this) {
      case HYBRID -> {
        var mounts = new HashMap<String, String>();
        for (var name : List.of("memory", "pids", "cpu", "cpuacct", "cpuset", "freezer")) {
          mounts.put(name, "/sys/fs/cgroup/" + name);
        }
        yield new CgroupLayout(
            mounts,
            Optional.of("/sys/fs/cgroup/unified"),
            List.of("hugetlb"),
            Map.of(),
            Optional.of("/bailey"));
      }
      case UNIFIED ->
          new CgroupLayout(
              Map.of(),
              Optional.of("/sys/fs/cgroup"),
              List.of("cpuset", "cpu", "io", "memory", "pids"),
              Map.of(),
              Optional.of("/bailey"));
      case DELEGATED_USER ->
          new CgroupLayout(
              Map.of(),
              Optional.of("/sys/fs/cgroup"),
              List.of("cpu", "memory", "pids"),
              Map.of("", "/user-1000"),
              Optional.of("/user-1000/bailey"));
      case USER, BARE_USER -> CgroupLayout.NONE;
    };
  }

  LaunchRequest request(Attachment attachment, UnaryOperator<ContainerSpec.Builder> spec) {
    var host =
        new HostView(
            List.of(
                new HostMount("/", "/", "ext4", List.of("rw")),
                new HostMount("/proc", "/", "proc", List.of("rw")),
                new HostMount("/data", "/", "xfs", List.of("rw")),
                new HostMount("/data/inner", "/", "xfs", List.of("rw"))),
            List.of(
                new HostView.Entry("bin", false, Optional.of("usr/bin")),
                new HostView.Entry("data", true, Optional.empty()),
                new HostView.Entry("home", true, Optional.empty()),
                new HostView.Entry("proc", true, Optional.empty()),
                new HostView.Entry("usr", true, Optional.empty())),
            Set.of("/etc/shadow", "/root", "/home", "/tmp", "/var/lib/docker"),
            Set.of("/etc/hosts"),
            "/home/alice",
            Optional.of("/home/alice"));
    return request(attachment, spec, host);
  }

  /** A request where these are mounted and those are the directories of the root. */
  LaunchRequest request(Attachment attachment, List<String> mounts, List<String> top) {
    return request(
        attachment,
        spec -> spec,
        new HostView(
            mounts.stream()
                .map(point -> new HostMount(point, "/", "tmpfs", List.of("rw")))
                .toList(),
            top.stream().map(name -> new HostView.Entry(name, true, Optional.empty())).toList(),
            Set.of("/run", "/tmp", "/var/lib/docker"),
            Set.of(),
            "/",
            Optional.empty()));
  }

  private static LaunchRequest request(
      Attachment attachment, UnaryOperator<ContainerSpec.Builder> spec, HostView host) {
    return new LaunchRequest(
        ContainerPath.parse("--name", "job"),
        spec.apply(ContainerSpec.builder().name("job").environment("PATH", "/usr/bin:/bin"))
            .build(),
        List.of("true"),
        attachment,
        new StateFiles(
            "/run/bailey/containers/c-job",
            "/run/bailey/reports/job",
            "/run/bailey/gate",
            "/run/bailey/bindings-0"),
        "name=job\n",
        false,
        host,
        1_000_000,
        List.of("/usr/bin/bailey", "report", "--ended", "job"),
        false,
        attachment == Attachment.RESIDENT,
        Optional.empty());
  }
}
