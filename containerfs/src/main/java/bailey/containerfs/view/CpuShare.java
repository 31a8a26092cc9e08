package bailey.containerfs.view;

import bailey.core.container.NumberSet;
import bailey.core.planner.CpuChoice;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The CPUs that a container sees: of those that it may run on as many as its quotas of CPU time
 * come to. They keep the machine's numbers, as sched_getaffinity(2), sched_getcpu(3) and the
 * directories of /sys have them.
 *
 * @param numbers rising, at least one
 * @param placed how many it may run on
 */
public record CpuShare(List<Integer> numbers, int placed) {
  /** Copies. */
  public CpuShare {
    numbers = List.copyOf(numbers);
  }

  /**
   * Of a container.
   *
   * @param all those that it may run on
   * @param bandwidths its quotas and those around it, as {@code cpu.max} has them
   */
  public static CpuShare of(BitSet all, List<String> bandwidths) {
    int count =
        bandwidths.stream()
            .mapToInt(text -> CpuChoice.count(text.strip()))
            .min()
            .orElse(Integer.MAX_VALUE);
    return new CpuShare(
        Arrays.stream(all.stream().toArray()).limit(count).boxed().toList(), all.cardinality());
  }

  /** The quota of v1 as v2 has it. */
  public static String bandwidth(String quota, String period) {
    var micros = quota.strip();
    return (micros.startsWith("-") ? "max" : micros) + " " + period.strip();
  }

  /** How many it sees. */
  public int count() {
    return numbers.size();
  }

  /** Whether it may run on just those that it sees. */
  boolean isWhole() {
    return placed == count();
  }

  /** As /sys/devices/system/cpu/online has it. */
  public String online() {
    var set = new BitSet();
    numbers.forEach(set::set);
    return NumberSet.text(set) + "\n";
  }

  /**
   * /proc/cpuinfo: the paragraphs of these CPUs.
   *
   * @param machine the machine's; one of another form is left as it is
   */
  public String cpuinfo(String machine) {
    var paragraphs = List.of(machine.split("(?<=\n\n)", -1));
    if (paragraphs.stream().noneMatch(text -> number(text) >= 0)) {
      return machine;
    }
    return paragraphs.stream()
        .filter(text -> number(text) < 0 || numbers.contains(number(text)))
        .collect(Collectors.joining());
  }

  /** The CPU that a paragraph is about; -1 where it is about none. */
  private static int number(String paragraph) {
    int colon = paragraph.indexOf(':');
    int end = paragraph.indexOf('\n');
    if (!paragraph.startsWith("processor") || colon < 0 || end < colon) {
      return -1;
    }
    var digits = paragraph.substring(colon + 1, end).strip();
    return digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : -1;
  }
}
