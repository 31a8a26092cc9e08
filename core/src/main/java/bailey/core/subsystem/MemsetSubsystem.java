package bailey.core.subsystem;

import static bailey.core.container.ControlFile.figure;
import static bailey.core.container.ControlFile.limit;
import static bailey.core.container.Unit.TEXT;

import bailey.core.abi.Errno;
import bailey.core.container.ControlFile;
import bailey.core.container.NumberSet;
import bailey.core.container.Report;
import bailey.core.kernel.CgroupVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * From which memory nodes tasks get memory: a subsystem of its own, so that it may be bound to
 * another hierarchy than {@link CpusetSubsystem}, with which the kernel has it in one controller.
 *
 * <p>Its control files are also known by the kernel's names, {@code cpuset.mems}.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset">cgroup-v2.rst,
 *     Cpuset</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7)</a>
 */
public final class MemsetSubsystem extends DeclaredController {
  /** CONFIG_NODES_SHIFT is at most 10. */
  private static final NumberSet NODES = new NumberSet("memory node", 1023);

  private static final Map<String, String> ALIASES =
      Map.of(
          "cpuset.mems", "memset.mems",
          "cpuset.mems.effective", "memset.mems.effective");

  /** The one instance that is needed. */
  public MemsetSubsystem() {
    super("memset", CpusetSubsystem.CONTROLLER, CpusetSubsystem.CONTROLLER, entries());
  }

  private static List<Entry> entries() {
    return List.of(
        new Entry(
            limit("memset.mems", TEXT, NODES, "the memory nodes that its tasks get memory from"),
            FileDriver.same("cpuset.mems"),
            FileDriver.same("cpuset.mems")),
        new Entry(
            figure(
                "memset.mems.effective",
                TEXT,
                Report.LINE,
                "the memory nodes that its tasks do get memory from"),
            FileDriver.same("cpuset.effective_mems"),
            FileDriver.same("cpuset.mems.effective")));
  }

  @Override
  public Optional<ControlFile> controlFile(String fullName) {
    return super.controlFile(ALIASES.getOrDefault(fullName, fullName));
  }

  @Override
  public List<KernelFile> copiedFromParent(CgroupVersion version) {
    return CpusetSubsystem.ofTheParent(version);
  }

  @Override
  public Optional<String> refusal(
      CgroupFeatures features, Arrival arrival, Function<KernelFile, Optional<String>> text) {
    return CpusetSubsystem.emptiness(version(features), "cpuset.mems", text);
  }

  @Override
  public boolean takesThreads(CgroupVersion version) {
    return true;
  }

  @Override
  public Optional<String> remedy(String kernelFile, Errno errno) {
    return CpusetSubsystem.placement(errno, "numactl --hardware")
        .or(() -> super.remedy(kernelFile, errno));
  }
}
