package bailey.core.subsystem;

import static bailey.core.subsystem.Translation.change;
import static bailey.core.subsystem.Translation.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a kernel does not have, and which it has. */
class RefusalTest {
  @Test
  void isRefusedWithReasonAndRemedy() {
    assertThatThrownBy(() -> change(Kernels.V1, "memory.high", "64M"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessage(
            "memory.high: cgroup v1 cannot slow a group down before its limit; set memory.max, or"
                + " boot with the memory controller on cgroup v2 (cgroup_no_v1=memory)");
    assertThatThrownBy(() -> change(Kernels.V1, "memory.low", "max"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("memory.low: max cannot be had on cgroup v1; write ");
    assertThatThrownBy(() -> change(Kernels.NONE, "pids.max", "5"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageStartingWith("pids.max: this kernel has no pids controller to be used here");
    assertThatThrownBy(() -> change(Kernels.V2, "devices.allow", "c 1:3 rwm"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("they are a program of the group");
    assertThatThrownBy(() -> read(Kernels.v2With("memory", "memory.max"), "memory.peak", "1"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessage(
            "memory.peak: this kernel's cgroup v2 has no file memory.peak; it is there from Linux"
                + " 5.19 on");
    assertThatThrownBy(
            () -> change(Kernels.v2With("hugetlb", "hugetlb.2MB.max"), "hugetlb.64KB.max", "1M"))
        .hasMessageEndingWith("it is there on machines with huge pages of 64KB");
  }

  @Test
  void whatOnlyReportsCannotBeSetAndWhatIsOnlyWrittenNotRead() {
    assertThatThrownBy(() -> change(Kernels.V2, "memory.current", "1"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("memory.current: this control only reports, it cannot be set");
    assertThatThrownBy(() -> read(Kernels.V1, "devices.allow", ""))
        .isInstanceOf(BadRequest.class)
        .hasMessage("devices.allow: this control can only be written, not read");
  }

  @Test
  void aSubsystemRefusesTheControlsOfOthers() {
    assertThatThrownBy(() -> new PidsSubsystem().change(Kernels.V1, Map.of("cpu.weight", "1")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onAMixedMachineV2IsTakenForWhatNeedsNoController() {
    assertThat(names(Kernels.BOTH))
        .containsExactly(
            "memory on V1",
            "cpu on V1",
            "cpuset on V1",
            "cpuset on V1",
            "cgroup on V2",
            "pids on V1",
            "blkio on V1",
            "devices on V1",
            "cgroup on V2",
            "hugetlb on V1");
    assertThat(names(Kernels.V2))
        .contains("cgroup on V2", "io on V2")
        .allMatch(s -> s.endsWith("V2"));
    assertThat(names(Kernels.V1)).contains("cpuacct on V1", "freezer on V1");
    assertThat(names(Kernels.NONE)).isEmpty();
  }

  private static List<String> names(CgroupFeatures kernel) {
    return Subsystems.standard().controllers().stream()
        .flatMap(
            controller ->
                controller.version(kernel).stream()
                    .map(version -> controller.kernelController(version) + " on " + version))
        .toList();
  }

  @Test
  void onlyCpusetsOfV1CopyFromTheirParents() {
    for (var controller : Subsystems.standard().controllers()) {
      boolean cpuset = controller.kernelController(CgroupVersion.V1).equals("cpuset");
      assertThat(controller.copiedFromParent(CgroupVersion.V1).isEmpty()).isNotEqualTo(cpuset);
      assertThat(controller.copiedFromParent(CgroupVersion.V2)).isEmpty();
    }
  }
}
