package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.Unit.BYTES;
import static bailey.core.container.Unit.COUNT;
import static bailey.core.container.Unit.TEXT;

import bailey.core.abi.Errno;
import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.kernel.CgroupVersion;
import bailey.core.spec.Malformed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How much memory and swap may be used. Kernel memory is part of memory: no supported kernel has a
 * limit of its own for it (v1's memory.kmem.limit_in_bytes gives EOPNOTSUPP from Linux 5.16 on and
 * is silently ignored from 6.7 on), so there is only what is used of it.
 *
 * <p>v1 limits memory and swap together (memory.memsw.*), which is never below the limit of memory
 * alone; {@link MemoryV1} keeps them in step.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory">cgroup-v2.rst,
 *     Memory</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">cgroup-v1/memory.rst</a>
 */
public final class MemorySubsystem extends DeclaredController {
  static final String MAX = "memory.max";
  static final String SWAP_MAX = "memory.swap.max";

  private static final String EVENTS = "memory.events";

  private static final String SWAP_ACCOUNTING =
      "where the kernel accounts swap: boot with swapaccount=1";

  private static final FileDriver NO_HIGH =
      new FileDriver.Absent(
          "cgroup v1 cannot slow a group down before its limit",
          "set memory.max, or boot with the memory controller on cgroup v2"
              + " (cgroup_no_v1=memory)");

  /** The one instance that is needed. */
  public MemorySubsystem() {
    super("memory", "memory", "memory", entries());
  }

  @Override
  public Optional<Setting> unlimited() {
    return Optional.of(new Setting(MAX, "max"));
  }

  private static List<Entry> entries() {
    return List.of(
        limit(
            MAX,
            "the most memory; beyond it pages are reclaimed, then a task is killed",
            FileDriver.one("memory.limit_in_bytes", MemoryV1::toKernel, MemoryV1::limit)),
        limit("memory.high", "above this its tasks are slowed down and reclaimed from", NO_HIGH),
        limit(
            "memory.low",
            "memory up to this is reclaimed only when nothing else is left",
            FileDriver.one("memory.soft_limit_in_bytes", MemoryV1::lowToKernel, MemoryV1::low)),
        new Entry(
            ControlFile.limit(SWAP_MAX, BYTES, Amount.BYTES_OR_MAX, "the most swap, beside memory"),
            MemoryV1.SWAP_MAX.since(SWAP_ACCOUNTING),
            FileDriver.same(SWAP_MAX).since(SWAP_ACCOUNTING)),
        new Entry(
            figure("memory.current", BYTES, Amount.BYTES, "memory in use now"),
            FileDriver.same("memory.usage_in_bytes"),
            FileDriver.same("memory.current")),
        new Entry(
            figure("memory.peak", BYTES, Amount.BYTES, "the most memory ever in use"),
            FileDriver.same("memory.max_usage_in_bytes"),
            FileDriver.same("memory.peak").since("from Linux 5.19 on")),
        new Entry(
            figure("memory.swap.current", BYTES, Amount.BYTES, "swap in use now"),
            FileDriver.report("memory.stat", MemoryV1::swap),
            FileDriver.same("memory.swap.current").since(SWAP_ACCOUNTING)),
        new Entry(
            figure("memory.kmem.current", BYTES, Amount.BYTES, "memory in use now by the kernel"),
            FileDriver.same("memory.kmem.usage_in_bytes"),
            FileDriver.report(
                "memory.stat", text -> KernelTable.value("memory.stat", text, "kernel"))),
        new Entry(
            figure(EVENTS, COUNT, Report.FLAT, "how often each limit was hit"),
            MemoryV1.EVENTS,
            FileDriver.same(EVENTS)),
        new Entry(
            figure("memory.stat", TEXT, Report.FLAT, "what memory is used for, bytes and events"),
            FileDriver.report("memory.stat", MemoryV1::stat),
            FileDriver.same("memory.stat")));
  }

  private static Entry limit(String name, String description, FileDriver v1) {
    return new Entry(
        ControlFile.limit(name, BYTES, Amount.BYTES_OR_MAX, description),
        v1,
        FileDriver.same(name));
  }

  /** Limits are whole pages (page_counter_memparse()); less than one would be none at all. */
  @Override
  String granted(CgroupFeatures features, ControlFile file, String canonical) {
    if (canonical.equals("max")) {
      return MemoryV1.maximum(file.name(), canonical, versionOf(features, file));
    }
    long bytes = Long.parseLong(canonical);
    if (bytes > 0 && bytes < features.pageSize()) {
      throw Malformed.range(
          file.name(),
          canonical,
          "is less than a page of " + features.pageSize() + " bytes",
          file.format().help());
    }
    return bytes > Long.MAX_VALUE - features.pageSize()
        ? "max" // PAGE_COUNTER_MAX
        : Long.toString(bytes - bytes % features.pageSize());
  }

  @Override
  FileDriver driver(CgroupFeatures features, CgroupVersion version, ControlFile file) {
    boolean v1Events = version == CgroupVersion.V1 && file.name().equals(EVENTS);
    return v1Events && !features.mayHave(MemoryV1.MEMSW)
        ? MemoryV1.EVENTS_WITHOUT_SWAP
        : super.driver(features, version, file);
  }

  @Override
  public List<KernelFile> before(CgroupFeatures features, Set<String> names) {
    boolean together = names.contains(MAX) || names.contains(SWAP_MAX);
    return together && version(features).filter(CgroupVersion.V1::equals).isPresent()
        ? MemoryV1.LIMITS.stream().filter(features::mayHave).toList()
        : List.of();
  }

  @Override
  List<KernelWrite> writes(
      CgroupFeatures features, Map<String, String> canonical, Map<KernelFile, String> before) {
    var joint = new LinkedHashSet<>(canonical.keySet());
    joint.retainAll(Set.of(MAX, SWAP_MAX));
    if (joint.isEmpty()
        || version(features).filter(CgroupVersion.V1::equals).isEmpty()
        || !features.mayHave(MemoryV1.MEMSW)) {
      return super.writes(features, canonical, before);
    }
    var rest = new LinkedHashMap<>(canonical);
    rest.keySet().removeAll(joint);
    var writes = new ArrayList<>(MemoryV1.limits(canonical, before));
    writes.addAll(super.writes(features, rest, before));
    return writes;
  }

  /**
   * The kernel lets them in: what they have stays charged to where it was (memory.rst, "Move
   * charges at task migration" is gone since Linux 6.13 and never was on v2). A process that has
   * more than the limit could not have grown to its size in the group.
   */
  @Override
  public Optional<String> refusal(
      CgroupFeatures features, Arrival arrival, Function<KernelFile, Optional<String>> text) {
    boolean v1 = version(features).filter(CgroupVersion.V1::equals).isPresent();
    var file = new KernelFile("memory", v1 ? "memory.limit_in_bytes" : MAX);
    var max = text.apply(file).map(String::strip).orElse("max");
    if (max.equals("max") || KernelTable.number(file.name(), max) >= arrival.memory()) {
      return Optional.empty();
    }
    return Optional.of(
        "memory.max is " + max + ", and they have " + arrival.memory() + " bytes; raise it first");
  }

  @Override
  public Optional<String> remedy(String kernelFile, Errno errno) {
    return switch (errno) {
      case EBUSY ->
          Optional.of(
              "More than that is in use and could not be reclaimed: free some, or allow more.");
      default -> super.remedy(kernelFile, errno);
    };
  }

  /**
   * Memory belongs to a process: v1 goes by its owner, the first thread (mm_update_next_owner()).
   */
  @Override
  public boolean takesThreads(CgroupVersion version) {
    return false;
  }
}
