package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.Unit.BYTES;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.kernel.CgroupVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How many huge pages of each size may be used. The sizes are the architecture's and the machine's:
 * those declared here are all of x86-64's and aarch64's; a machine has some of them.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#hugetlb">cgroup-v2.rst,
 *     HugeTLB</a>
 */
public final class HugetlbSubsystem extends DeclaredController {
  private static final Map<String, Long> SIZES = sizes();

  /** The one instance that is needed. */
  public HugetlbSubsystem() {
    super("hugetlb", "hugetlb", "hugetlb", entries());
  }

  /** As mem_fmt() in mm/hugetlb_cgroup.c writes them. */
  private static Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("64KB", 64L << 10);
    sizes.put("2MB", 2L << 20);
    sizes.put("32MB", 32L << 20);
    sizes.put("512MB", 512L << 20);
    sizes.put("1GB", 1L << 30);
    sizes.put("16GB", 16L << 30);
    return sizes;
  }

  private static List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    for (var size : SIZES.keySet()) {
      var prefix = "hugetlb." + size;
      var since = "on machines with huge pages of " + size;
      entries.add(
          new Entry(
              ControlFile.limit(
                  prefix + ".max",
                  BYTES,
                  Amount.BYTES_OR_MAX,
                  "the most huge pages of " + size + "; beyond it a task gets SIGBUS"),
              FileDriver.one(
                      prefix + ".limit_in_bytes", MemoryV1::toKernel, text -> limit(size, text))
                  .since(since),
              FileDriver.same(prefix + ".max").since(since)));
      entries.add(
          new Entry(
              figure(
                  prefix + ".current",
                  BYTES,
                  Amount.BYTES,
                  "huge pages of " + size + " in use now"),
              FileDriver.same(prefix + ".usage_in_bytes").since(since),
              FileDriver.same(prefix + ".current").since(since)));
    }
    return entries;
  }

  /** v1 shows no limit as the largest number, rounded down to the huge page's size. */
  private static String limit(String size, String text) {
    long bytes = KernelTable.number("hugetlb limit", text);
    return bytes >= Long.MAX_VALUE - size(size) ? "max" : text.strip();
  }

  private static long size(String name) {
    return Objects.requireNonNull(SIZES.get(name));
  }

  /** The kernel rounds down to whole huge pages (hugetlb_cgroup_write()). */
  @Override
  String granted(CgroupFeatures features, ControlFile file, String canonical) {
    if (canonical.equals("max")) {
      return canonical;
    }
    long bytes = Long.parseLong(canonical);
    return Long.toString(bytes - bytes % size(file.name().split("\\.", -1)[1]));
  }

  /** Huge pages are memory, which belongs to a process. */
  @Override
  public boolean takesThreads(CgroupVersion version) {
    return false;
  }
}
