package bailey.core.planner;

import bailey.core.container.NumberSet;
import java.util.BitSet;
import java.util.Optional;

/** Which CPUs stand for a share of CPU time. */
public final class CpuChoice {
  private CpuChoice() {}

  /**
   * How many CPUs a share comes to, rounded up; at least 1.
   *
   * @param bandwidth as {@code cpu.max} has it: {@code QUOTA PERIOD} or {@code max PERIOD}
   * @return {@link Integer#MAX_VALUE} where there is no quota
   */
  public static int count(String bandwidth) {
    int space = bandwidth.indexOf(' ');
    if (space < 0 || bandwidth.startsWith("max")) {
      return Integer.MAX_VALUE;
    }
    long quota = Long.parseLong(bandwidth.substring(0, space));
    long period = Long.parseLong(bandwidth.substring(space + 1).strip());
    return Math.clamp(Math.ceilDiv(quota, period), 1, Integer.MAX_VALUE);
  }

  /**
   * As many of the CPUs as the share comes to.
   *
   * @param key where to begin: containers with different ones are not all placed on the same CPUs
   * @return empty where all of them are meant
   */
  public static Optional<String> of(BitSet all, String bandwidth, long key) {
    int count = count(bandwidth);
    if (count >= all.cardinality()) {
      return Optional.empty();
    }
    var numbers = all.stream().toArray();
    int first = (int) Math.floorMod(key, (long) numbers.length);
    var chosen = new BitSet();
    for (int i = 0; i < count; i++) {
      chosen.set(numbers[(first + i) % numbers.length]);
    }
    return Optional.of(NumberSet.text(chosen));
  }
}
