package bailey.core.subsystem;

import bailey.core.kernel.CgroupVersion;
import bailey.core.spec.Malformed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory controller of cgroup v1 in the terms of v2.
 *
 * <p>{@code memory.swap.max} is the difference of two limits there: memory and swap together
 * (memsw) less memory. The kernel keeps memsw at or above memory (mem_cgroup_resize_max(): EINVAL),
 * so the two are written in the order that never crosses, and one is moved along with the other.
 *
 * <p>{@code memory.low} is the soft limit, as OCI runtimes have it (runc's and crun's table of v1
 * and v2): memory above the soft limit is taken first when the machine runs short. A soft limit
 * that is not set protects nothing in particular, which is v2's 0.
 */
final class MemoryV1 {
  static final KernelFile LIMIT = new KernelFile("memory", "memory.limit_in_bytes");
  static final KernelFile MEMSW = new KernelFile("memory", "memory.memsw.limit_in_bytes");
  static final List<KernelFile> LIMITS = List.of(LIMIT, MEMSW);

  private static final String FAILED = "memory.failcnt";
  private static final String FAILED_TOGETHER = "memory.memsw.failcnt";

  static final FileDriver EVENTS =
      FileDriver.report(List.of(FAILED, FAILED_TOGETHER, "memory.oom_control"), MemoryV1::events);

  static final FileDriver EVENTS_WITHOUT_SWAP =
      FileDriver.report(List.of(FAILED, "memory.oom_control"), MemoryV1::events);

  static final FileDriver SWAP_MAX =
      new FileDriver.Present(
          List.of(LIMIT.name(), MEMSW.name()),
          "",
          texts ->
              swapMax(
                  limit(KernelTable.text(texts, LIMIT.name())),
                  limit(KernelTable.text(texts, MEMSW.name()))),
          (_, _) -> {
            throw new IllegalStateException("memory and swap are limited together");
          });

  /**
   * From here on a limit is none: PAGE_COUNTER_MAX, 2^63 rounded down to pages, which are at most
   * 64 KiB.
   */
  private static final long UNLIMITED = Long.MAX_VALUE - 0xFFFF;

  private static final Map<String, String> STAT_NAMES = statNames();

  private MemoryV1() {}

  /** A limit for the kernel: -1 is none (page_counter_memparse()). */
  static String toKernel(String limit) {
    return limit.equals("max") ? "-1" : limit;
  }

  /** A limit that the kernel shows. */
  static String limit(String text) {
    return KernelTable.number("memory limit", text) >= UNLIMITED ? "max" : text.strip();
  }

  static String lowToKernel(String low) {
    return low.equals("0") ? "-1" : low;
  }

  static String low(String text) {
    var limit = limit(text);
    return limit.equals("max") ? "0" : limit;
  }

  /** Refuses {@code max} where v1 cannot tell it from what a group starts with. */
  static String maximum(String file, String max, CgroupVersion version) {
    if (version == CgroupVersion.V1 && file.equals("memory.low")) {
      throw Malformed.value(
          file, max, "cannot be had on cgroup v1", "the bytes to protect, for example 64M");
    }
    return max;
  }

  /** {@code memory.swap.max} from the two limits, each in canonical form. */
  private static String swapMax(String limit, String memsw) {
    if (memsw.equals("max") || limit.equals("max")) {
      return "max";
    }
    return Long.toString(Math.max(0, Long.parseLong(memsw) - Long.parseLong(limit)));
  }

  /** The writes that give {@code memory.max} and {@code memory.swap.max} new values. */
  static List<KernelWrite> limits(Map<String, String> canonical, Map<KernelFile, String> before) {
    var oldLimit = before(before, LIMIT);
    var oldMemsw = before(before, MEMSW);
    var limit = canonical.getOrDefault(MemorySubsystem.MAX, oldLimit);
    var swap = canonical.getOrDefault(MemorySubsystem.SWAP_MAX, swapMax(oldLimit, oldMemsw));
    var memsw = together(canonical, limit, swap);
    var writes = new ArrayList<KernelWrite>();
    if (!limit.equals(oldLimit) || canonical.containsKey(MemorySubsystem.MAX)) {
      writes.add(new KernelWrite("memory", LIMIT.name(), toKernel(limit)));
    }
    if (!memsw.equals(oldMemsw) || canonical.containsKey(MemorySubsystem.SWAP_MAX)) {
      var write = new KernelWrite("memory", MEMSW.name(), toKernel(memsw));
      writes.add(less(memsw, oldMemsw) ? writes.size() : 0, write);
    }
    return writes;
  }

  /** The present limit in canonical form; that of a new group is none. */
  private static String before(Map<KernelFile, String> before, KernelFile file) {
    var text = before.get(file);
    return text == null ? "max" : limit(text);
  }

  private static String together(Map<String, String> canonical, String limit, String swap) {
    if (swap.equals("max")) {
      return "max";
    }
    if (limit.equals("max")) {
      boolean asked = canonical.containsKey(MemorySubsystem.SWAP_MAX);
      throw Malformed.value(
          asked ? MemorySubsystem.SWAP_MAX : MemorySubsystem.MAX,
          asked ? swap : limit,
          "cannot be had on cgroup v1, which limits memory and swap together,"
              + " while "
              + (asked ? "memory.max is max" : "memory.swap.max is " + swap),
          asked ? "a value to memory.max too, for example 64M" : "max to memory.swap.max too");
    }
    long memory = Long.parseLong(limit);
    return memory > UNLIMITED - Long.parseLong(swap)
        ? "max"
        : Long.toString(memory + Long.parseLong(swap));
  }

  private static boolean less(String a, String b) {
    return !a.equals("max") && (b.equals("max") || Long.parseLong(a) < Long.parseLong(b));
  }

  /** {@code memory.swap.current}: the hierarchical figure, as on v2. */
  static String swap(String stat) {
    return KernelTable.value("memory.stat", stat, "total_swap");
  }

  /**
   * {@code memory.events} as far as v1 counts: charges that hit the limit, and tasks killed
   * (oom_control, Linux 4.13). What v1 does not count has no line. Where memory and swap together
   * have the lower limit, or the same, as they have without swap, it is that one which is hit and
   * counts (try_charge_memcg()); since Linux 6.16 nothing counts then (track_failcnt).
   */
  private static String events(Map<String, String> texts) {
    long hits = KernelTable.number(FAILED, KernelTable.text(texts, FAILED));
    var together = texts.get(FAILED_TOGETHER);
    if (together != null) {
      hits += KernelTable.number(FAILED_TOGETHER, together);
    }
    var oom = KernelTable.text(texts, "memory.oom_control");
    var events = new LinkedHashMap<String, String>();
    events.put("max", Long.toString(hits));
    events.put("oom_kill", KernelTable.value("memory.oom_control", oom, "oom_kill"));
    return KernelTable.print(events);
  }

  /**
   * {@code memory.stat} under v2's names: the hierarchical figures, those that both versions have.
   */
  static String stat(String text) {
    var table = KernelTable.flat("memory.stat", text);
    var stat = new LinkedHashMap<String, String>();
    STAT_NAMES.forEach(
        (v1, v2) -> {
          @Nullable String value = table.get("total_" + v1);
          if (value != null) {
            stat.put(v2, value);
          }
        });
    return KernelTable.print(stat);
  }

  private static Map<String, String> statNames() {
    var names = new LinkedHashMap<String, String>();
    names.put("rss", "anon"); // v1: anonymous pages and swap cache (memory.rst, 5.2)
    names.put("cache", "file");
    names.put("shmem", "shmem");
    names.put("mapped_file", "file_mapped");
    names.put("dirty", "file_dirty");
    names.put("writeback", "file_writeback");
    names.put("inactive_anon", "inactive_anon");
    names.put("active_anon", "active_anon");
    names.put("inactive_file", "inactive_file");
    names.put("active_file", "active_file");
    names.put("unevictable", "unevictable");
    names.put("pgfault", "pgfault");
    names.put("pgmajfault", "pgmajfault");
    return names;
  }
}
