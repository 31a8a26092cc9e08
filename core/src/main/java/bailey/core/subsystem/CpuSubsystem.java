package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.ControlFile.limit;
import static bailey.core.container.ControlFile.setting;
import static bailey.core.container.Unit.COUNT;
import static bailey.core.container.Unit.MICROSECONDS;
import static bailey.core.container.Unit.TEXT;

import bailey.core.abi.Errno;
import bailey.core.container.Amount;
import bailey.core.container.Report;
import bailey.core.kernel.CgroupVersion;
import bailey.core.spec.CpuAmount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How much CPU time may be used: a share of what is there (weight) and an absolute limit (quota in
 * each period, with a burst that may be saved up).
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu">cgroup-v2.rst, CPU</a>
 * @see <a href="https://docs.kernel.org/scheduler/sched-bwc.html">CFS Bandwidth Control</a>
 */
public final class CpuSubsystem extends DeclaredController {
  private static final String MAX = "cpu.max";
  private static final String BURST = "cpu.max.burst";
  private static final String QUOTA_V1 = "cpu.cfs_quota_us";
  private static final String PERIOD_V1 = "cpu.cfs_period_us";
  private static final String RUNTIME_V1 = "cpu.rt_runtime_us";
  private static final String BURST_V1 = "cpu.cfs_burst_us";

  /** v1's shares of a group with v2's default weight of 100. */
  private static final long DEFAULT_SHARES = 1024;

  private static final long DEFAULT_WEIGHT = 100;

  /** The one instance that is needed. */
  public CpuSubsystem() {
    super("cpu", "cpu", "cpu", entries());
  }

  @Override
  public Optional<Setting> unlimited() {
    return Optional.of(new Setting("cpu.weight", Long.toString(DEFAULT_WEIGHT)));
  }

  private static List<Entry> entries() {
    return List.of(
        new Entry(
            setting(
                "cpu.weight",
                COUNT,
                Amount.between(1, 10_000),
                "its share of the CPU time that siblings compete for; 100 unless set"),
            FileDriver.one("cpu.shares", CpuSubsystem::shares, CpuSubsystem::weight),
            FileDriver.same("cpu.weight")),
        new Entry(
            limit(
                MAX,
                MICROSECONDS,
                new CpuBandwidth(),
                "the most CPU time in each period: QUOTA PERIOD, or max"),
            new FileDriver.Present(
                List.of(QUOTA_V1, PERIOD_V1), "", CpuSubsystem::bandwidth, CpuSubsystem::quota),
            FileDriver.same(MAX)),
        new Entry(
            setting(
                BURST,
                MICROSECONDS,
                Amount.between(0, CpuAmount.LARGEST_QUOTA_MICROS),
                "unused CPU time that may be saved up, at most the quota"),
            FileDriver.same(BURST_V1).since("from Linux 5.14 on"),
            FileDriver.same(BURST).since("from Linux 5.14 on")),
        new Entry(
            figure(
                "cpu.stat",
                TEXT,
                Report.FLAT,
                "periods and microseconds in which it was held back by cpu.max"),
            FileDriver.report("cpu.stat", CpuSubsystem::stat),
            FileDriver.same("cpu.stat")));
  }

  /**
   * v1's shares for a weight: 1024 for 100, in proportion. This is how the kernel itself gives a v2
   * weight to the scheduler (sched_weight_from_cgroup()), and systemd to v1, so the same weight
   * means the same on both. (The linear map of 2..262144 onto 1..10000 that OCI runtimes had does
   * not: it makes v1's default of 1024 a 39.)
   */
  private static String shares(String weight) {
    return Long.toString(divideToNearest(Long.parseLong(weight) * DEFAULT_SHARES, DEFAULT_WEIGHT));
  }

  /** The inverse, as in sched_weight_to_cgroup(). */
  private static String weight(String shares) {
    long weight =
        divideToNearest(KernelTable.number("cpu.shares", shares) * DEFAULT_WEIGHT, DEFAULT_SHARES);
    return Long.toString(Math.clamp(weight, 1, 10_000));
  }

  private static long divideToNearest(long number, long divisor) {
    return (number + divisor / 2) / divisor;
  }

  private static String bandwidth(Map<String, String> texts) {
    var quota = KernelTable.text(texts, QUOTA_V1);
    return (quota.equals("-1") ? "max" : quota) + " " + KernelTable.text(texts, PERIOD_V1);
  }

  /**
   * v1 has quota and period in two files, and refuses (EINVAL, __cfs_schedulable()) whatever is in
   * between if it allows more than the parent: so the limit is lifted, the period set, the limit
   * set.
   */
  private static List<KernelWrite> quota(String controller, String value) {
    var quotaAndPeriod = value.split(" ", -1);
    var writes = new ArrayList<KernelWrite>();
    writes.add(new KernelWrite(controller, QUOTA_V1, "-1"));
    writes.add(new KernelWrite(controller, PERIOD_V1, quotaAndPeriod[1]));
    if (!quotaAndPeriod[0].equals("max")) {
      writes.add(new KernelWrite(controller, QUOTA_V1, quotaAndPeriod[0]));
    }
    return writes;
  }

  /**
   * A quota below the present burst is refused (EINVAL), so a burst that is replaced goes first.
   */
  @Override
  List<KernelWrite> writes(
      CgroupFeatures features, Map<String, String> canonical, Map<KernelFile, String> before) {
    var writes = new ArrayList<KernelWrite>();
    if (canonical.containsKey(MAX) && canonical.containsKey(BURST)) {
      writes.addAll(writes(features, BURST, "0"));
    }
    writes.addAll(super.writes(features, canonical, before));
    return writes;
  }

  /** v2's names and microseconds for v1's lines; v1 has its usage in cpuacct. */
  private static String stat(String text) {
    var v1 = KernelTable.flat("cpu.stat", text);
    var stat = new LinkedHashMap<String, String>();
    v1.forEach(
        (key, value) -> {
          switch (key) {
            case "throttled_time" -> stat.put("throttled_usec", KernelTable.micros(key, value));
            case "burst_time" -> stat.put("burst_usec", KernelTable.micros(key, value));
            default -> stat.put(key, value);
          }
        });
    return KernelTable.print(stat);
  }

  /**
   * sched_rt_can_attach(): on v1 a group without real-time runtime takes no real-time task (kernels
   * with CONFIG_RT_GROUP_SCHED, which show the file).
   */
  @Override
  public Optional<String> refusal(
      CgroupFeatures features, Arrival arrival, Function<KernelFile, Optional<String>> text) {
    boolean none =
        text.apply(new KernelFile("cpu", RUNTIME_V1))
            .map(String::strip)
            .filter("0"::equals)
            .isPresent();
    return arrival.realTime() && none
        ? Optional.of(
            "one of them is scheduled in real time, and "
                + RUNTIME_V1
                + " of its cpu group is 0; make it an ordinary task first, by chrt --other --pid 0")
        : Optional.empty();
  }

  @Override
  public Optional<String> remedy(String kernelFile, Errno errno) {
    return switch (errno) {
      case EINVAL ->
          Optional.of(
              "The parent has to allow as much (cgroup v1), and cpu.max.burst may not be above the"
                  + " quota: set the parent's first, or both together.");
      default -> super.remedy(kernelFile, errno);
    };
  }

  @Override
  public boolean takesThreads(CgroupVersion version) {
    return true;
  }
}
