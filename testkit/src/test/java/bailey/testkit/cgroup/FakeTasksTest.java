package bailey.testkit.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupFiles.Refused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Tasks in the groups of the fake kernel, also more of both than any machine here has. */
class FakeTasksTest {
  private static final int MANY = 20_000;

  private static Set<String> lines(FakeCgroups groups, String controller, String path) {
    return new HashSet<>(groups.read(controller, path, "cgroup.procs").lines().toList());
  }

  private static void attach(FakeCgroups groups, String controller, String path, int task) {
    groups.write(controller, path, "cgroup.procs", Integer.toString(task));
  }

  @Test
  void childrenAreInTheGroupsOfTheirParents() {
    var groups = FakeCgroups.hybrid();
    int parent = groups.startTask();
    groups.mountNamed("name=jobs", "/jobs");
    for (var controller : new String[] {"pids", "name=jobs", CgroupFiles.CORE}) {
      groups.mkdir(controller, "a");
      attach(groups, controller, "a", parent);
      int child = groups.forkTask(parent);
      assertThat(lines(groups, controller, "a")).contains("" + parent, "" + child);
      groups.endTask(child);
      assertThat(lines(groups, controller, "a")).containsExactly("" + parent);
    }
    assertThat(groups.read("pids", "a", "pids.current")).isEqualTo("1\n");
    assertThat(groups.read("pids", "a", "pids.peak")).isEqualTo("2\n");
    assertThatThrownBy(() -> groups.rmdir("pids", "a"))
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .extracting(refused -> refused.errno().orElseThrow())
        .isEqualTo(Errno.EBUSY);
    assertThatThrownBy(() -> groups.unmount("/jobs")).isInstanceOf(Refused.class);
    groups.endTask(parent);
    groups.rmdir("name=jobs", "a");
    groups.unmount("/jobs");
  }

  /** cgroup-v2.rst, PID: forks are refused, tasks that are moved are not. */
  @Test
  void aLimitOfTasksKeepsForksAway() {
    var groups = FakeCgroups.v1();
    groups.mkdir("pids", "a");
    groups.mkdir("pids", "a/b");
    int task = groups.startTask();
    attach(groups, "pids", "a/b", task);
    groups.write("pids", "a", "pids.max", "2");
    groups.forkTask(task);
    assertThatThrownBy(() -> groups.forkTask(task))
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .extracting(refused -> refused.errno().orElseThrow())
        .isEqualTo(Errno.EAGAIN);
    attach(groups, "pids", "a", groups.startTask());
    assertThat(groups.read("pids", "a", "pids.current")).isEqualTo("3\n");
    assertThat(groups.read("pids", "a/b", "pids.current")).isEqualTo("2\n");
  }

  @Test
  void memoryIsThatOfTheGroupsBelowToo() {
    var groups = FakeCgroups.v1();
    groups.mkdir("memory", "a");
    groups.mkdir("memory", "a/b");
    groups.useMemory("a/b", 8 * FakeMemory.PAGE);
    groups.useMemory("a", FakeMemory.PAGE);
    assertThat(groups.read("memory", "a", "memory.usage_in_bytes"))
        .isEqualTo(9 * FakeMemory.PAGE + "\n");
    groups.useMemory("a/b", FakeMemory.PAGE);
    assertThat(groups.read("memory", "a", "memory.usage_in_bytes"))
        .isEqualTo(2 * FakeMemory.PAGE + "\n");
    assertThat(groups.read("memory", "a", "memory.max_usage_in_bytes"))
        .isEqualTo(9 * FakeMemory.PAGE + "\n");
  }

  @Test
  void manyTasksMoveThroughManyGroups() {
    var groups = FakeCgroups.v2();
    groups.write(CgroupFiles.CORE, "", "cgroup.subtree_control", "+pids");
    groups.mkdir(CgroupFiles.CORE, "farm");
    groups.write(CgroupFiles.CORE, "farm", "cgroup.subtree_control", "+pids");
    int first = groups.startTask();
    var tasks = new ArrayList<Integer>();
    for (int i = 0; i < MANY; i++) {
      groups.mkdir(CgroupFiles.CORE, "farm/job" + i);
      int task = groups.forkTask(first);
      attach(groups, CgroupFiles.CORE, "farm/job" + i, task);
      tasks.add(task);
    }
    assertThat(groups.read("pids", "farm", "pids.current")).isEqualTo(MANY + "\n");
    assertThat(lines(groups, CgroupFiles.CORE, "farm/job7")).containsExactly("" + tasks.get(7));
    for (int i = 0; i < MANY; i += 2) {
      attach(groups, CgroupFiles.CORE, "farm/job" + (i + 1), tasks.get(i));
    }
    assertThat(groups.read("pids", "farm/job8", "pids.current")).isEqualTo("0\n");
    assertThat(groups.read("pids", "farm/job9", "pids.current")).isEqualTo("2\n");
    assertThat(groups.tasksBelow(CgroupFiles.CORE, "farm")).hasSize(MANY);
    groups.write(CgroupFiles.CORE, "farm", "cgroup.kill", "1");
    assertThat(groups.read(CgroupFiles.CORE, "farm", "cgroup.events"))
        .isEqualTo("populated 0\nfrozen 0\n");
    for (int i = 0; i < MANY; i++) {
      groups.rmdir(CgroupFiles.CORE, "farm/job" + i);
    }
    groups.rmdir(CgroupFiles.CORE, "farm");
    assertThat(groups.children(CgroupFiles.CORE, "")).isEmpty();
  }
}
