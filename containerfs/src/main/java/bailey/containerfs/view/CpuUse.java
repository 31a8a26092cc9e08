package bailey.containerfs.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The CPU time that a container has used since it was made, in nanoseconds.
 *
 * @param user in its programs
 * @param system in the kernel for them
 * @param each the same of each CPU by its number; none where the kernel does not tell (v2)
 * @param held back because a quota was used up, summed over CPUs
 * @param waited the time in which at least one of its threads waited for a CPU, whoever had that;
 *     -1 where the kernel does not tell
 */
public record CpuUse(long user, long system, Map<Integer, Pair> each, long held, long waited) {
  private static final long MICRO = 1000;

  /** Two parts of the time of a CPU. */
  public record Pair(long user, long system) {}

  /** Copies. */
  public CpuUse {
    each = Map.copyOf(each);
  }

  /** All of it. */
  public long total() {
    return user + system;
  }

  /** From cpu.stat of v2. */
  public static CpuUse v2(String stat) {
    var figures = Figures.parse(stat);
    long user = figures.get("user_usec") * MICRO;
    return new CpuUse(
        user,
        Math.max(0, figures.get("usage_usec") * MICRO - user),
        Map.of(),
        figures.get("throttled_usec") * MICRO,
        -1);
  }

  /**
   * From v1 (Documentation/admin-guide/cgroup-v1/cpuacct.rst): the sum of each CPU is exact, its
   * parts are counted by ticks.
   *
   * @param perCpu cpuacct.usage_percpu
   * @param all cpuacct.usage_all
   * @param stat cpu.stat
   */
  public static CpuUse v1(String perCpu, String all, String stat) {
    var sums = numbers(perCpu);
    var parts = new TreeMap<Integer, Pair>();
    long user = 0;
    long system = 0;
    for (var line : all.split("\n", -1)) {
      var words = numbers(line);
      if (words.size() == 3 && words.get(0) < sums.size()) {
        int cpu = words.get(0).intValue();
        long inPrograms = Math.min(words.get(1), sums.get(cpu));
        var pair = new Pair(inPrograms, sums.get(cpu) - inPrograms);
        parts.put(cpu, pair);
        user += pair.user();
        system += pair.system();
      }
    }
    return new CpuUse(user, system, parts, Figures.parse(stat).get("throttled_time"), -1);
  }

  /** The same with what its cpu.pressure says. */
  public CpuUse waiting(String pressure) {
    long micros = stalled(pressure);
    return new CpuUse(user, system, each, held, micros < 0 ? -1 : micros * MICRO);
  }

  /** From cpuacct.usage of v1. */
  public static long nanos(String usage) {
    return Figures.one(usage);
  }

  /**
   * From a pressure file: microseconds in which something waited ({@code some ... total=4711}); -1
   * where it is none.
   */
  public static long stalled(String pressure) {
    int total = pressure.indexOf("total=");
    int end = pressure.indexOf('\n', Math.max(total, 0));
    return total < 0 || end < 0 ? -1 : Figures.one(pressure.substring(total + 6, end));
  }

  /** The whole numbers of a line; none where a word is something else. */
  private static List<Long> numbers(String line) {
    var numbers = new ArrayList<Long>();
    for (var word : line.strip().split("\\s+", -1)) {
      if (!word.matches("[0-9]{1,18}")) {
        return List.of();
      }
      numbers.add(Long.parseLong(word));
    }
    return numbers;
  }
}
