package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.ControlFile.limit;
import static bailey.core.container.Unit.COUNT;

import bailey.core.container.Amount;
import bailey.core.container.Report;
import bailey.core.kernel.CgroupVersion;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How many tasks (processes and threads) may exist. The files are the same on both versions.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#pid">cgroup-v2.rst, PID</a>
 */
public final class PidsSubsystem extends DeclaredController {
  /** PID_MAX_LIMIT on 64 bits (linux/threads.h); pids_max_write() refuses more. */
  private static final long MOST_TASKS = 4 * 1024 * 1024;

  /** The one instance that is needed. */
  public PidsSubsystem() {
    super("pids", "pids", "pids", entries());
  }

  @Override
  public Optional<Setting> unlimited() {
    return Optional.of(new Setting("pids.max", "max"));
  }

  private static List<Entry> entries() {
    return List.of(
        new Entry(
            limit(
                "pids.max",
                COUNT,
                new Amount(Amount.Notation.DIGITS, 0, MOST_TASKS, true),
                "the most tasks; a fork beyond it fails with EAGAIN"),
            FileDriver.same("pids.max"),
            FileDriver.same("pids.max")),
        new Entry(
            figure("pids.current", COUNT, Amount.COUNT, "tasks in it and below it now"),
            FileDriver.same("pids.current"),
            FileDriver.same("pids.current")),
        new Entry(
            figure("pids.peak", COUNT, Amount.COUNT, "the most tasks that it ever had"),
            FileDriver.same("pids.peak").since("from Linux 6.1 on"),
            FileDriver.same("pids.peak").since("from Linux 6.1 on")),
        new Entry(
            figure(
                "pids.events", COUNT, Report.FLAT, "how often a fork failed because of pids.max"),
            FileDriver.same("pids.events"),
            FileDriver.same("pids.events")));
  }

  /** The kernel lets them in (pids_can_attach()), and then none of the group can fork. */
  @Override
  public Optional<String> refusal(
      CgroupFeatures features, Arrival arrival, Function<KernelFile, Optional<String>> text) {
    var max = text.apply(new KernelFile("pids", "pids.max")).map(String::strip).orElse("max");
    var current = text.apply(new KernelFile("pids", "pids.current")).map(String::strip);
    if (max.equals("max") || current.isEmpty()) {
      return Optional.empty();
    }
    long most = KernelTable.number("pids.max", max);
    long all = KernelTable.number("pids.current", current.get()) + arrival.tasks();
    return all <= most
        ? Optional.empty()
        : Optional.of(
            "pids.max is "
                + max
                + ", and with "
                + arrival.tasks()
                + " more there would be "
                + all
                + " tasks; set it to "
                + all
                + " or more first");
  }

  @Override
  public boolean takesThreads(CgroupVersion version) {
    return true;
  }
}
