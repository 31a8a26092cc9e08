package bailey.testkit.cgroup;

import bailey.core.subsystem.ControlGroup;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import java.util.List;
import java.util.Map;

/**
 * Values of each control file that a machine takes.
 *
 * @param machine that has them
 */
record ControlSamples(CgroupMachine machine) {
  /** Values to set one after the other, each different from the one before. */
  List<String> of(CgroupFixture.Control control) {
    var disk = machine.disk().orElse("");
    return switch (control.file().name()) {
      case "memory.low" -> List.of("16M", "32768", "0");
      case "memory.max", "memory.high", "memory.swap.max" ->
          List.of("64M", "max", "100000", "1.5G");
      case "cpu.weight" -> List.of("1", "10000", "39", "100");
      case "cpu.max" -> List.of("50000 100000", "max 20000", "1000", "250000 1000000", "max");
      case "cpu.max.burst" -> List.of("20000", "0");
      case "cpuset.cpus" -> List.of(first("cpuset.cpus.effective"), all("cpuset.cpus.effective"));
      case "memset.mems" -> List.of(first("memset.mems.effective"));
      case "pids.max" -> List.of("1", "4194304", "max", "0");
      case "io.weight" -> List.of("1", "default 1000", "100");
      case "io.max" ->
          List.of(
              disk + " rbps=1M wiops=120",
              disk + " wbps=4096",
              disk + " riops=2 wiops=4294967294 rbps=9223372036854775807 wbps=2");
      case "freezer.state" -> List.of("FROZEN", "THAWED");
      default -> List.of("1G", "0", "max"); // hugetlb.*.max
    };
  }

  private String all(String control) {
    var found = Subsystems.standard().find(control);
    return new ControlGroup(machine.files(), machine.features(), "")
        .get((Controller) found.subsystem(), found.file());
  }

  String first(String control) {
    return all(control).split("[-,]", -1)[0];
  }

  /** What has to be said first, so that a value can be had on v1 as on v2. */
  static void prepare(ControlGroup group, CgroupFixture.Control control) {
    switch (control.file().name()) {
      case "memory.swap.max" -> group.set(control.controller(), Map.of("memory.max", "64M"));
      case "cpu.max.burst" -> group.set(control.controller(), Map.of("cpu.max", "50000 100000"));
      default -> {}
    }
  }
}
