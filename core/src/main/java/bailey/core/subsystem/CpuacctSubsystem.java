package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.Unit.MICROSECONDS;

import bailey.core.container.Amount;
import java.util.List;

/**
 * How much CPU time was used. On v2 it needs no controller: each group counts it (cpu.stat, Linux
 * 4.15).
 *
 * @see <a
 *     href="https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html">cgroup-v1/cpuacct.rst</a>
 */
public final class CpuacctSubsystem extends DeclaredController {
  /** The one instance that is needed. */
  public CpuacctSubsystem() {
    super(
        "cpuacct",
        "cpuacct",
        Controller.CORE,
        List.of(
            time("cpuacct.usage", "CPU time used, in it and below", "usage_usec"),
            time("cpuacct.usage_user", "of that, in programs", "user_usec"),
            time("cpuacct.usage_sys", "of that, in the kernel", "system_usec")));
  }

  /** v1 has a file of nanoseconds for each; v2 a line of microseconds. */
  private static Entry time(String name, String description, String v2Key) {
    return new Entry(
        figure(name, MICROSECONDS, Amount.COUNT, description),
        FileDriver.report(name, nanos -> KernelTable.micros(name, nanos)),
        FileDriver.report("cpu.stat", text -> KernelTable.value("cpu.stat", text, v2Key)));
  }
}
