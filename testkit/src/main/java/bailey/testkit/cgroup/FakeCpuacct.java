package bailey.testkit.cgroup;

import java.util.List;

/** The cpuacct controller of v1 (kernel/sched/cpuacct.c): the fake's tasks use no CPU. */
final class FakeCpuacct implements FakeController {
  FakeCpuacct(FakeGroup group) {
    for (var file : List.of("cpuacct.usage", "cpuacct.usage_user", "cpuacct.usage_sys")) {
      group.file(file, FakeFile.shown(() -> "0\n"));
    }
  }
}
