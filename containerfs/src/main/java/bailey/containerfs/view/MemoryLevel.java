package bailey.containerfs.view;

import java.util.Optional;

/**
 * The memory of one control group with all that is in it, in bytes; {@link Long#MAX_VALUE} is no
 * limit.
 *
 * @param limit the most that it may use
 * @param used what it uses, caches included
 * @param swapLimit the most that may be swapped out; on v1, where only the sum with memory is
 *     limited, what of that is more than {@code limit}
 * @param swapped what is swapped out
 * @param stat what {@code used} consists of, by the names of v2
 */
public record MemoryLevel(long limit, long used, long swapLimit, long swapped, MemoryStat stat) {
  /** Of v2 (Documentation/admin-guide/cgroup-v2.rst, "Memory Interface Files"). */
  public static MemoryLevel v2(
      Optional<String> max,
      Optional<String> current,
      Optional<String> swapMax,
      Optional<String> swapCurrent,
      Optional<String> stat) {
    return new MemoryLevel(
        max.map(Figures::one).orElse(Figures.NONE),
        current.map(Figures::one).orElse(0L),
        swapMax.map(Figures::one).orElse(Figures.NONE),
        swapCurrent.map(Figures::one).orElse(0L),
        MemoryStat.v2(stat.orElse("")));
  }

  /** Of v1 (Documentation/admin-guide/cgroup-v1/memory.rst), which has memsw only with swap. */
  public static MemoryLevel v1(
      Optional<String> limit,
      Optional<String> usage,
      Optional<String> both,
      Optional<String> stat) {
    long most = limit.map(Figures::one).map(MemoryLevel::v1Limit).orElse(Figures.NONE);
    long sum = both.map(Figures::one).map(MemoryLevel::v1Limit).orElse(Figures.NONE);
    var parts = Figures.parse(stat.orElse(""));
    return new MemoryLevel(
        most,
        usage.map(Figures::one).orElse(0L),
        sum == Figures.NONE ? Figures.NONE : Math.max(0, sum - Math.min(sum, most)),
        parts.first("total_swap", "swap"),
        MemoryStat.v1(parts));
  }

  /** Without a limit v1 says the largest number of whole pages (PAGE_COUNTER_MAX). */
  private static long v1Limit(long bytes) {
    return bytes >= Long.MAX_VALUE >>> 1 ? Figures.NONE : bytes;
  }

  /** What could be used at once; no limit where there is none. */
  long free() {
    return limit == Figures.NONE ? Figures.NONE : Math.max(0, limit - used);
  }

  /** What could be used if caches were let go. */
  long available() {
    return limit == Figures.NONE ? Figures.NONE : Math.min(limit, free() + stat.reclaimable());
  }
}
