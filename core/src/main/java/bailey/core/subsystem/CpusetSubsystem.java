package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.ControlFile.setting;
import static bailey.core.container.Unit.TEXT;

import bailey.core.abi.Errno;
import bailey.core.container.NumberSet;
import bailey.core.container.Report;
import bailey.core.kernel.CgroupVersion;
import java.util.List;
import java.util.Optional;

/**
 * On which CPUs tasks run and from which memory nodes they get memory.
 *
 * <p>On v1 a new group has neither, and no task can enter it until it has both (ENOSPC,
 * cpuset_can_attach()): they are copied from the parent. On v2 an empty list means those of the
 * parent.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset">cgroup-v2.rst,
 *     Cpuset</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7)</a>
 */
public final class CpusetSubsystem extends DeclaredController {
  /** CONFIG_NR_CPUS is at most 8192 on the supported architectures. */
  private static final NumberSet CPUS = new NumberSet("CPU", 8191);

  /** CONFIG_NODES_SHIFT is at most 10. */
  private static final NumberSet NODES = new NumberSet("memory node", 1023);

  /** The one instance that is needed. */
  public CpusetSubsystem() {
    super("cpuset", "cpuset", "cpuset", entries());
  }

  private static List<Entry> entries() {
    return List.of(
        new Entry(
            setting("cpuset.cpus", TEXT, CPUS, "the CPUs that its tasks may run on"),
            FileDriver.same("cpuset.cpus"),
            FileDriver.same("cpuset.cpus")),
        new Entry(
            setting("cpuset.mems", TEXT, NODES, "the memory nodes that its tasks get memory from"),
            FileDriver.same("cpuset.mems"),
            FileDriver.same("cpuset.mems")),
        new Entry(
            figure(
                "cpuset.cpus.effective",
                TEXT,
                Report.LINE,
                "the CPUs that its tasks do run on: those that the parent has and are online"),
            FileDriver.same("cpuset.effective_cpus"),
            FileDriver.same("cpuset.cpus.effective")),
        new Entry(
            figure(
                "cpuset.mems.effective",
                TEXT,
                Report.LINE,
                "the memory nodes that its tasks do get memory from"),
            FileDriver.same("cpuset.effective_mems"),
            FileDriver.same("cpuset.mems.effective")));
  }

  @Override
  public List<KernelFile> copiedFromParent(CgroupVersion version) {
    return version == CgroupVersion.V2
        ? List.of()
        : List.of(new KernelFile("cpuset", "cpuset.cpus"), new KernelFile("cpuset", "cpuset.mems"));
  }

  @Override
  public Optional<String> remedy(String kernelFile, Errno errno) {
    return switch (errno) {
      case EACCES -> Optional.of("The parent has to have all of them: set its cpuset first.");
      case ERANGE, EINVAL ->
          Optional.of("This machine does not have all of them: lscpu lists what it has.");
      case EBUSY ->
          Optional.of("A container in it uses one that would be taken away: set that one's first.");
      default -> super.remedy(kernelFile, errno);
    };
  }
}
