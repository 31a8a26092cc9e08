package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.ControlFile.limit;
import static bailey.core.container.Unit.TEXT;

import bailey.core.abi.Errno;
import bailey.core.container.NumberSet;
import bailey.core.container.Report;
import bailey.core.kernel.CgroupVersion;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * On which CPUs tasks run. The kernel has it in one controller with {@link MemsetSubsystem}, its
 * cpuset; where only one of the two is asked for, the other's file has what the parent has.
 *
 * <p>On v1 a new group has neither CPUs nor memory nodes, and no task can enter it until it has
 * both (ENOSPC, cpuset_can_attach()): both are copied from the parent. On v2 an empty list means
 * those of the parent.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset">cgroup-v2.rst,
 *     Cpuset</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7)</a>
 */
public final class CpusetSubsystem extends DeclaredController {
  /** The kernel's controller of both. */
  static final String CONTROLLER = "cpuset";

  /** The control file that can also be had by the affinity of each task. */
  public static final String CPUS_FILE = "cpuset.cpus";

  /** CONFIG_NR_CPUS is at most 8192 on the supported architectures. */
  public static final NumberSet CPUS = new NumberSet("CPU", 8191);

  /** The one instance that is needed. */
  public CpusetSubsystem() {
    super("cpuset", CONTROLLER, CONTROLLER, entries());
  }

  private static List<Entry> entries() {
    return List.of(
        new Entry(
            limit("cpuset.cpus", TEXT, CPUS, "the CPUs that its tasks may run on"),
            FileDriver.same("cpuset.cpus"),
            FileDriver.same("cpuset.cpus")),
        new Entry(
            figure(
                "cpuset.cpus.effective",
                TEXT,
                Report.LINE,
                "the CPUs that its tasks do run on: those that the parent has and are online"),
            FileDriver.same("cpuset.effective_cpus"),
            FileDriver.same("cpuset.cpus.effective")));
  }

  /**
   * Whether tasks are placed by their affinity (sched_setaffinity(2)), because the kernel's cpuset
   * is not to be had: not at all, or in another hierarchy, for the memory nodes. Children inherit
   * it; but a task can change its own, so that it is a placement and no wall.
   */
  public static boolean isByAffinity(CgroupFeatures features) {
    return features.version(CONTROLLER).isEmpty();
  }

  @Override
  public List<KernelFile> copiedFromParent(CgroupVersion version) {
    return ofTheParent(version);
  }

  /** What a new group of the kernel's cpuset needs from its parent. */
  static List<KernelFile> ofTheParent(CgroupVersion version) {
    return version == CgroupVersion.V2
        ? List.of()
        : List.of(
            new KernelFile(CONTROLLER, "cpuset.cpus"), new KernelFile(CONTROLLER, "cpuset.mems"));
  }

  @Override
  public Optional<String> refusal(
      CgroupFeatures features, Arrival arrival, Function<KernelFile, Optional<String>> text) {
    return emptiness(version(features), "cpuset.cpus", text);
  }

  /** cpuset_can_attach_check(): on v1 a group without CPUs or memory nodes takes no task. */
  static Optional<String> emptiness(
      Optional<CgroupVersion> version, String file, Function<KernelFile, Optional<String>> text) {
    boolean empty =
        version.filter(CgroupVersion.V1::equals).isPresent()
            && text.apply(new KernelFile(CONTROLLER, file)).filter(String::isBlank).isPresent();
    return empty
        ? Optional.of(file + " is empty, so that no task can run in it; set it first, such as to 0")
        : Optional.empty();
  }

  @Override
  public Optional<String> remedy(String kernelFile, Errno errno) {
    return placement(errno, "lscpu").or(() -> super.remedy(kernelFile, errno));
  }

  /** What to do where the kernel refuses CPUs or memory nodes. */
  static Optional<String> placement(Errno errno, String lister) {
    return switch (errno) {
      case EACCES -> Optional.of("The parent has to have all of them: set it there first.");
      case ERANGE, EINVAL ->
          Optional.of("This machine does not have all of them: " + lister + " lists what it has.");
      case EBUSY ->
          Optional.of("A container in it uses one that would be taken away: set that one's first.");
      default -> Optional.empty();
    };
  }

  @Override
  public boolean takesThreads(CgroupVersion version) {
    return true;
  }
}
