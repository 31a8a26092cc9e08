package bailey.oci.runtime;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.KernelWrite;
import bailey.oci.config.OciResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits as config.json has them, as what is written to the kernel's files. They are said in the
 * terms of cgroup v1; what that means on v2 is what other runtimes make of it
 * (opencontainers/cgroups, package fs2; crun.1, "CGROUP v2"), so that a container has the same
 * limits by each.
 */
final class ResourceMapping {
  private final CgroupFeatures features;
  private final List<KernelWrite> writes = new ArrayList<>();

  private ResourceMapping(CgroupFeatures features) {
    this.features = features;
  }

  /**
   * The writes, in their order.
   *
   * @throws NotPossibleHere naming what this kernel cannot do
   */
  static List<KernelWrite> of(CgroupFeatures features, OciResources resources) {
    var mapping = new ResourceMapping(features);
    mapping.all(resources);
    return mapping.writes;
  }

  private void all(OciResources resources) {
    if (resources.memory() != null) {
      memory(resources.memory());
    }
    if (resources.cpu() != null) {
      cpu(resources.cpu());
    }
    if (resources.pids() != null && resources.pids().limit() != null) {
      var _ = need("pids", "linux.resources.pids.limit");
      // 0 is a limit since 1.3, and 1 to runc: nothing could be started in a group of 0
      long pids = resources.pids().limit();
      write("pids", "pids.max", orMax(pids == 0 ? 1 : pids));
    }
    if (resources.blockIo() != null) {
      new BlockIoMapping(this::version, this::write).map(resources.blockIo());
    }
    for (var limit : resources.hugepageLimits()) {
      var version = need("hugetlb", "linux.resources.hugepageLimits");
      String size = limit.pageSize();
      String value = Long.toUnsignedString(limit.limit());
      write(
          "hugetlb",
          "hugetlb." + size + (version == CgroupVersion.V1 ? ".limit_in_bytes" : ".max"),
          value);
    }
    if (resources.network() != null) {
      network(resources.network());
    }
    resources.rdma().forEach(this::rdma);
    resources.unified().forEach(this::unified);
  }

  private Optional<CgroupVersion> version(String v1, String v2) {
    var version = features.version(v1);
    return version.isPresent() ? version : features.version(v2);
  }

  private CgroupVersion need(String controller, String field) {
    return need(controller, controller, field);
  }

  private CgroupVersion need(String v1, String v2, String field) {
    return version(v1, v2)
        .orElseThrow(
            () ->
                new NotPossibleHere(
                    field
                        + ": this kernel has no "
                        + v2
                        + " controller that can be used; bailey doctor shows which ones there"
                        + " are"));
  }

  private void write(String controller, String file, String text) {
    writes.add(new KernelWrite(controller, file, text));
  }

  /** A number, 0 where it is not given: 0 means that to the kernel and other runtimes too. */
  private static long given(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  private void write(String controller, String file, long value) {
    if (value != 0) {
      write(controller, file, Long.toString(value));
    }
  }

  // ---- memory ----

  private void memory(OciResources.Memory memory) {
    boolean any =
        given(memory.limit()) != 0
            || given(memory.reservation()) != 0
            || given(memory.swap()) != 0
            || memory.swappiness() != null
            || Boolean.TRUE.equals(memory.disableOomKiller());
    if (!any) {
      return; // kernel memory alone: kernels count it, but have given up to limit it
    }
    if (need("memory", "linux.resources.memory") == CgroupVersion.V1) {
      memoryV1(memory);
    } else {
      memoryV2(memory, given(memory.limit()), given(memory.swap()));
    }
  }

  /** Memory and swap together are never less than memory: the order of the two depends. */
  private void memoryV1(OciResources.Memory memory) {
    long limit = given(memory.limit());
    long together = limit == -1 && given(memory.swap()) == 0 ? -1 : given(memory.swap());
    if (limit == -1) {
      write("memory", "memory.memsw.limit_in_bytes", together);
    }
    write("memory", "memory.limit_in_bytes", limit);
    if (limit != -1) {
      write("memory", "memory.memsw.limit_in_bytes", together);
    }
    write("memory", "memory.soft_limit_in_bytes", given(memory.reservation()));
    write("memory", "memory.kmem.tcp.limit_in_bytes", given(memory.kernelTcp()));
    if (Boolean.TRUE.equals(memory.disableOomKiller())) {
      write("memory", "memory.oom_control", "1");
    }
    if (memory.swappiness() != null && memory.swappiness() != -1) {
      write("memory", "memory.swappiness", memory.swappiness().toString());
    }
  }

  private void memoryV2(OciResources.Memory memory, long limit, long swap) {
    if (swap == -1) {
      write("memory", "memory.swap.max", "max");
    } else if (swap != 0 && limit > 0) {
      write("memory", "memory.swap.max", Long.toString(Math.max(0, swap - limit)));
    } else if (swap != 0) {
      throw new NotPossibleHere(
          "linux.resources.memory.swap: "
              + swap
              + " is of memory and swap together, which cgroup v2 limits apart; give a"
              + " memory.limit too");
    }
    if (limit != 0) {
      write("memory", "memory.max", orMax(limit));
    }
    if (given(memory.reservation()) != 0) {
      write("memory", "memory.low", orMax(given(memory.reservation())));
    }
    if (Boolean.TRUE.equals(memory.disableOomKiller())) {
      throw new NotPossibleHere(
          "linux.resources.memory.disableOOMKiller: cgroup v2 has no such switch; leave it out");
    }
  }

  private static String orMax(long value) {
    return value < 0 ? "max" : Long.toString(value);
  }

  // ---- processors ----

  private void cpu(OciResources.Cpu cpu) {
    boolean any =
        given(cpu.shares()) != 0
            || given(cpu.quota()) != 0
            || given(cpu.period()) != 0
            || given(cpu.burst()) != 0
            || given(cpu.idle()) != 0
            || given(cpu.realtimePeriod()) != 0
            || given(cpu.realtimeRuntime()) != 0;
    if (any && need("cpu", "linux.resources.cpu") == CgroupVersion.V1) {
      cpuV1(cpu);
    } else if (any) {
      cpuV2(cpu);
    }
    if (cpu.cpus() != null) {
      var _ = need("cpuset", "linux.resources.cpu.cpus");
      write("cpuset", "cpuset.cpus", cpu.cpus());
    }
    if (cpu.mems() != null) {
      var _ = need("cpuset", "linux.resources.cpu.mems");
      write("cpuset", "cpuset.mems", cpu.mems());
    }
  }

  private void cpuV1(OciResources.Cpu cpu) {
    write("cpu", "cpu.rt_period_us", given(cpu.realtimePeriod()));
    write("cpu", "cpu.rt_runtime_us", given(cpu.realtimeRuntime()));
    write("cpu", "cpu.shares", given(cpu.shares()));
    write("cpu", "cpu.idle", given(cpu.idle()));
    write("cpu", "cpu.cfs_period_us", given(cpu.period()));
    write("cpu", "cpu.cfs_quota_us", given(cpu.quota()));
    write("cpu", "cpu.cfs_burst_us", given(cpu.burst()));
  }

  /**
   * The weight, 1 to 10000, for shares, 2 to 262144: the least, the default and the most of one are
   * those of the other (ConvertCPUSharesToCgroupV2Value() of opencontainers/cgroups since 0.0.3,
   * crun since 1.23; before, 1024 shares were a weight of 39, which is less than a group has by
   * default).
   */
  private static long weight(long shares) {
    if (shares <= 2) {
      return 1;
    }
    if (shares >= 262_144) {
      return 10_000;
    }
    double log = Math.log((double) shares) / Math.log(2);
    double exponent = (log * log + 125 * log) / 612.0 - 7.0 / 34.0;
    // less a rounding error of the logarithm, which would make 101 of the default
    return (long) Math.ceil(Math.pow(10, exponent) - 1e-9);
  }

  private void cpuV2(OciResources.Cpu cpu) {
    if (given(cpu.realtimePeriod()) != 0 || given(cpu.realtimeRuntime()) != 0) {
      throw new NotPossibleHere(
          "linux.resources.cpu.realtimeRuntime: cgroup v2 does not divide real time; leave it out");
    }
    long shares = given(cpu.shares());
    if (given(cpu.idle()) != 0) {
      write("cpu", "cpu.idle", given(cpu.idle()));
    } else if (shares != 0) {
      write("cpu", "cpu.weight", Long.toString(weight(shares)));
    }
    long quota = given(cpu.quota());
    long period = given(cpu.period());
    if (quota != 0 || period != 0) {
      write(
          "cpu",
          "cpu.max",
          (quota > 0 ? Long.toString(quota) : "max") + " " + (period == 0 ? 100_000 : period));
    }
    write("cpu", "cpu.max.burst", given(cpu.burst()));
  }

  // ---- the rest ----

  private void network(OciResources.Network network) {
    if (given(network.classId()) != 0) {
      needV1("net_cls", "linux.resources.network.classID");
      write("net_cls", "net_cls.classid", given(network.classId()));
    }
    for (var priority : network.priorities()) {
      needV1("net_prio", "linux.resources.network.priorities");
      write("net_prio", "net_prio.ifpriomap", priority.name() + " " + priority.priority());
    }
  }

  private void needV1(String controller, String field) {
    if (features.version(controller).isEmpty()) {
      throw new NotPossibleHere(
          field
              + ": only the "
              + controller
              + " hierarchy of cgroup v1 has it, which is not mounted here; leave it out");
    }
  }

  private void rdma(String device, OciResources.Rdma limits) {
    var _ = need("rdma", "linux.resources.rdma");
    write(
        "rdma",
        "rdma.max",
        device
            + (limits.hcaHandles() == null ? "" : " hca_handle=" + limits.hcaHandles())
            + (limits.hcaObjects() == null ? "" : " hca_object=" + limits.hcaObjects()));
  }

  /** Files of cgroup v2, as they are. */
  private void unified(String file, String value) {
    String controller = file.substring(0, Math.max(file.indexOf('.'), 0));
    String owner = controller.equals("cgroup") ? Controller.CORE : controller;
    if (features.version(owner).filter(CgroupVersion.V2::equals).isEmpty()) {
      throw new NotPossibleHere(
          "linux.resources.unified."
              + file
              + ": "
              + controller
              + " is not a controller of cgroup v2 here; bailey doctor shows which ones are");
    }
    value.lines().forEach(line -> write(owner, file, line));
  }
}
