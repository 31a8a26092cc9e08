package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import java.util.Optional;

/** The cpu controller (kernel/sched/core.c). */
final class FakeCpu implements FakeController {
  private static final long NONE = -1;
  private static final long MOST_MICROS = (1L << 44) - 1;
  private static final String STAT_V1 =
      """
      nr_periods 0
      nr_throttled 0
      throttled_time 0
      nr_bursts 0
      burst_time 0
      """;

  private static final String STAT_V2 =
      """
      usage_usec 0
      user_usec 0
      system_usec 0
      nr_periods 0
      nr_throttled 0
      throttled_usec 0
      nr_bursts 0
      burst_usec 0
      """;

  private final FakeGroup group;
  private final boolean v1;
  private long shares = 1024;
  private long weight = 100;
  private long quota = NONE;
  private long period = 100_000;
  private long burst;

  private FakeCpu(FakeGroup group, boolean v1) {
    this.group = group;
    this.v1 = v1;
  }

  static FakeCpu v1(FakeGroup group) {
    var cpu = new FakeCpu(group, true);
    if (!group.isRoot()) {
      group.file("cpu.shares", FakeFile.both(() -> cpu.shares + "\n", cpu::setShares));
      group.file("cpu.cfs_quota_us", FakeFile.both(() -> cpu.quota + "\n", cpu::setQuota));
      group.file(
          "cpu.cfs_period_us",
          FakeFile.both(
              () -> cpu.period + "\n",
              text -> cpu.limit(cpu.quota, KernelParse.unsigned(text).longValue(), cpu.burst)));
      group.file("cpu.cfs_burst_us", FakeFile.both(() -> cpu.burst + "\n", cpu::setBurst));
      group.file("cpu.stat", FakeFile.shown(() -> STAT_V1));
    }
    return cpu;
  }

  static FakeCpu v2(FakeGroup group) {
    var cpu = new FakeCpu(group, false);
    if (!group.isRoot()) {
      group.file(
          "cpu.weight",
          FakeFile.both(
              () -> cpu.weight + "\n",
              text -> cpu.weight = KernelParse.number(text, 1, 10_000, Errno.ERANGE)));
      group.file("cpu.max", FakeFile.both(cpu::bandwidth, cpu::setBandwidth));
      group.file("cpu.max.burst", FakeFile.both(() -> cpu.burst + "\n", cpu::setBurst));
      group.file("cpu.stat", FakeFile.shown(() -> STAT_V2));
    }
    return cpu;
  }

  /** sched_group_set_shares() clamps. */
  private void setShares(String text) {
    shares = Math.clamp(KernelParse.unsigned(text).longValue(), 2, 262_144);
  }

  /** cpu_cfs_quota_write_s64(): anything negative is none. */
  private void setQuota(String text) {
    boolean negative = text.startsWith("-");
    long number = KernelParse.unsigned(negative ? text.substring(1) : text).longValue();
    limit(negative ? NONE : number, period, burst);
  }

  private void setBurst(String text) {
    limit(quota, period, KernelParse.unsigned(text).longValue());
  }

  private String bandwidth() {
    return (quota == NONE ? "max" : quota) + " " + period + "\n";
  }

  /** cpu_period_quota_parse(): without a period the present one stays. */
  private void setBandwidth(String text) {
    var words = text.split(" ", -1);
    KernelRefusal.unless(words.length <= 2, Errno.EINVAL);
    long newQuota = words[0].equals("max") ? NONE : KernelParse.unsigned(words[0]).longValue();
    limit(newQuota, words.length == 2 ? KernelParse.unsigned(words[1]).longValue() : period, burst);
  }

  /**
   * tg_set_cfs_bandwidth() and, on v1, __cfs_schedulable(): no more than the parent, in proportion.
   */
  private void limit(long newQuota, long newPeriod, long newBurst) {
    boolean quotaFits = newQuota == NONE || (newQuota >= 1000 && newQuota <= MOST_MICROS);
    KernelRefusal.unless(quotaFits, Errno.EINVAL);
    KernelRefusal.unless(newPeriod >= 1000 && newPeriod <= 1_000_000, Errno.EINVAL);
    KernelRefusal.unless(newQuota == NONE || newBurst <= newQuota, Errno.EINVAL);
    var allowed = v1 ? allowedAbove() : Optional.<FakeCpu>empty();
    boolean fits =
        newQuota == NONE
            || allowed
                .filter(
                    above -> (double) newQuota / newPeriod > (double) above.quota / above.period)
                .isEmpty();
    KernelRefusal.unless(fits, Errno.EINVAL);
    quota = newQuota;
    period = newPeriod;
    burst = newBurst;
  }

  /** The nearest group above that has a limit. */
  private Optional<FakeCpu> allowedAbove() {
    return group
        .above(FakeCpu.class)
        .flatMap(above -> above.quota == NONE ? above.allowedAbove() : Optional.of(above));
  }
}
