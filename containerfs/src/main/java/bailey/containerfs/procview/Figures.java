package bailey.containerfs.procview;

import bailey.ResourceTexts;
import bailey.containerfs.view.CpuShare;
import bailey.containerfs.view.CpuUse;
import bailey.containerfs.view.Diskstats;
import bailey.containerfs.view.MemoryLevel;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.ProcFile;
import bailey.core.subsystem.CpusetSubsystem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the kernel tells of a container, in the files of either version of control groups.
 * Which of the groups around it limit its memory is looked up once. Any thread.
 */
final class Figures {
  private static final String MEMORY = "memory";
  private static final String CPU = "cpu";
  private static final String CPUACCT = "cpuacct";
  private static final String NO_QUOTA = "max 100000";

  private final ResourceTexts texts;
  private volatile @Nullable List<Integer> limiting;

  Figures(ResourceTexts texts) {
    this.texts = texts;
  }

  ResourceTexts texts() {
    return texts;
  }

  /** Its own memory first, then that of the groups that limit it further; none: it has no group. */
  List<MemoryLevel> memory() {
    var version = texts.version(MEMORY, MEMORY);
    if (version.isEmpty()) {
      return List.of();
    }
    var known = limiting;
    var levels = new ArrayList<MemoryLevel>();
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < texts.levels(); i++) {
      if (known == null || known.contains(i)) {
        var level = memory(version.get(), i);
        if (level.filter(limits(i)).isPresent()) {
          levels.add(level.get());
          numbers.add(i);
        }
      }
    }
    limiting = numbers;
    return numbers.contains(0) ? levels : List.of();
  }

  private static Predicate<MemoryLevel> limits(int number) {
    return level ->
        number == 0 || level.limit() != Long.MAX_VALUE || level.swapLimit() != Long.MAX_VALUE;
  }

  /** Empty where there is none. */
  private Optional<MemoryLevel> memory(CgroupVersion version, int level) {
    return switch (version) {
      case V1 -> {
        var limit = memory(level, "memory.limit_in_bytes");
        yield limit.map(
            _ ->
                MemoryLevel.v1(
                    limit,
                    memory(level, "memory.usage_in_bytes"),
                    memory(level, "memory.memsw.limit_in_bytes"),
                    memory(level, "memory.stat")));
      }
      case V2 -> {
        var max = memory(level, "memory.max");
        yield max.map(
            _ ->
                MemoryLevel.v2(
                    max,
                    memory(level, "memory.current"),
                    memory(level, "memory.swap.max"),
                    memory(level, "memory.swap.current"),
                    memory(level, "memory.stat")));
      }
    };
  }

  private Optional<String> memory(int level, String file) {
    return texts.group(level, MEMORY, file);
  }

  /** The CPUs that it sees. */
  CpuShare share() {
    var all = texts.cpus().or(() -> texts.machine(ProcFile.CPU_ONLINE).map(String::strip));
    var quotas = new ArrayList<String>();
    var version = texts.version(CPU, CPU);
    for (int i = 0; i < texts.levels() && version.isPresent(); i++) {
      quotas.add(quota(version.get(), i));
    }
    var cpus = all.map(CpusetSubsystem.CPUS::numbers).orElseGet(Figures::one);
    return CpuShare.of(cpus, quotas);
  }

  private static BitSet one() {
    var one = new BitSet();
    one.set(0);
    return one;
  }

  private String quota(CgroupVersion version, int level) {
    return switch (version) {
      case V1 -> {
        var quota = texts.group(level, CPU, "cpu.cfs_quota_us");
        var period = texts.group(level, CPU, "cpu.cfs_period_us");
        yield quota.isPresent() && period.isPresent()
            ? CpuShare.bandwidth(quota.get(), period.get())
            : NO_QUOTA;
      }
      case V2 -> texts.group(level, CPU, "cpu.max").orElse(NO_QUOTA);
    };
  }

  private boolean isV1(String v1Name, String v2Name) {
    return texts.levels() > 0
        && texts.version(v1Name, v2Name).filter(CgroupVersion.V1::equals).isPresent();
  }

  private String own(String controller, String file) {
    return texts.levels() == 0 ? "" : texts.group(0, controller, file).orElse("");
  }

  /** The CPU time that it has used. */
  CpuUse cpu() {
    var pressure = own(CgroupFiles.CORE, "cpu.pressure");
    var use =
        isV1(CPUACCT, CPU)
            ? CpuUse.v1(
                own(CPUACCT, "cpuacct.usage_percpu"),
                own(CPUACCT, "cpuacct.usage_all"),
                pressure.isEmpty() ? own(CPU, "cpu.stat") : "")
            : CpuUse.v2(own(CgroupFiles.CORE, "cpu.stat"));
    return use.waiting(pressure);
  }

  /** The same as one number of nanoseconds. */
  long used() {
    return isV1(CPUACCT, CPU)
        ? CpuUse.nanos(own(CPUACCT, "cpuacct.usage"))
        : CpuUse.v2(own(CgroupFiles.CORE, "cpu.stat")).total();
  }

  /** Microseconds in which something in it waited for a disk; -1 where the kernel does not tell. */
  long waited() {
    return CpuUse.stalled(own(CgroupFiles.CORE, "io.pressure"));
  }

  /** What it read and wrote; empty where that is not counted. */
  Optional<Diskstats> disks() {
    if (texts.levels() == 0) {
      return Optional.empty();
    }
    if (isV1("blkio", "io")) {
      return texts
          .group(0, "blkio", "blkio.throttle.io_serviced_recursive")
          .map(
              serviced ->
                  Diskstats.v1(
                      serviced, own("blkio", "blkio.throttle.io_service_bytes_recursive")));
    }
    return texts.group(0, "io", "io.stat").map(Diskstats::v2);
  }
}
