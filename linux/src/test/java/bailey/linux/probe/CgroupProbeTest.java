package bailey.linux.probe;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import bailey.linux.proc.CgroupMembership;
import bailey.linux.proc.MountEntry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CgroupProbeTest {
  private static final String SYSTEMD_V2 =
      "30 25 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
  private static final String SCOPE =
      "0::/user.slice/user-1.slice/user@1.service/app.slice/x.scope";
  private static final String APP = "/user.slice/user-1.slice/user@1.service/app.slice";

  /** A machine of which only this can be read and written. */
  private record Machine(Map<String, String> files, Set<String> writable)
      implements CgroupProbe.Access {
    @Override
    public String read(String path) {
      return files.getOrDefault(path, "");
    }

    @Override
    public boolean writable(String path) {
      return writable.stream().anyMatch(w -> path.equals(w) || path.startsWith(w + "/cgroup."));
    }
  }

  private static CgroupLayout layout(String mounts, String membership, int uid, Machine machine) {
    return CgroupProbe.layout(
        MountEntry.parseAll(mounts), CgroupMembership.parse(membership), uid, false, machine);
  }

  @Test
  void rootOnV2() {
    var machine =
        new Machine(
            Map.of("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n"),
            Set.of("/sys/fs/cgroup"));
    var layout = layout(SYSTEMD_V2, "0::/system.slice/ssh.service\n", 0, machine);
    assertThat(layout.mounts()).isEmpty();
    assertThat(layout.unified()).contains("/sys/fs/cgroup");
    assertThat(layout.unifiedControllers())
        .containsExactly("cpuset", "cpu", "io", "memory", "pids");
    assertThat(layout.own()).containsExactly(Map.entry("", "/system.slice/ssh.service"));
    assertThat(layout.base()).contains("/bailey");
    assertThat(layout.version("blkio", "io")).contains(CgroupVersion.V2);
  }

  @Test
  void rootWhereGroupsAreReadOnly() {
    var layout = layout(SYSTEMD_V2, "0::/\n", 0, new Machine(Map.of(), Set.of()));
    assertThat(layout.base()).isEmpty();
    assertThat(layout.unifiedControllers()).isEmpty();
  }

  @Test
  void userWhoseScopeStandsInADelegatedSlice() {
    var machine =
        new Machine(
            Map.of("/sys/fs/cgroup" + APP + "/cgroup.controllers", "memory pids\n"),
            Set.of("/sys/fs/cgroup" + APP, "/sys/fs/cgroup" + APP + "/x.scope"));
    var layout = layout(SYSTEMD_V2, SCOPE, 1, machine);
    assertThat(layout.base()).contains(APP + "/bailey");
    assertThat(layout.unifiedControllers()).containsExactly("memory", "pids");
  }

  @Test
  void userWhoHasOnlyTheOwnGroup() {
    var own = "/sys/fs/cgroup" + APP + "/x.scope";
    var machine = new Machine(Map.of(own + "/cgroup.controllers", "pids\n"), Set.of(own));
    var layout = layout(SYSTEMD_V2, SCOPE, 1, machine);
    assertThat(layout.base()).contains(APP + "/x.scope/bailey");
    assertThat(layout.unifiedControllers()).containsExactly("pids");
    // once its processes were moved to a leaf
    var later = layout(SYSTEMD_V2, SCOPE + "/tasks", 1, machine);
    assertThat(later.base()).isEqualTo(layout.base());
    assertThat(later.unifiedControllers()).containsExactly("pids");
  }

  @Test
  void userWhoseOwnGroupIsAllThatCanBeSeen() {
    var machine =
        new Machine(
            Map.of("/sys/fs/cgroup/cgroup.controllers", "pids\n"), Set.of("/sys/fs/cgroup"));
    var layout = layout(SYSTEMD_V2, "0::/", 1, machine);
    assertThat(layout.base()).contains("/bailey");
    assertThat(layout.unifiedControllers()).containsExactly("pids");
  }

  @Test
  void userInASessionOfRoots() {
    var session = "0::/user.slice/user-1.slice/session-2.scope";
    var layout = layout(SYSTEMD_V2, session, 1, new Machine(Map.of(), Set.of()));
    assertThat(layout.base()).isEmpty();
  }

  @Test
  void hybrid() {
    var layout =
        layout(
            """
            31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,seclabel,cpu,cpuacct
            35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
            41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """,
            """
            9:name=systemd:/init.scope
            4:memory:/a/b
            1:cpu,cpuacct:/
            0::/
            """,
            0,
            new Machine(
                Map.of("/sys/fs/cgroup/unified/cgroup.controllers", "hugetlb\n"),
                Set.of("/sys/fs/cgroup/memory")));
    assertThat(layout.mounts())
        .containsOnly(
            Map.entry("cpu", "/sys/fs/cgroup/cpu,cpuacct"),
            Map.entry("cpuacct", "/sys/fs/cgroup/cpu,cpuacct"),
            Map.entry("memory", "/sys/fs/cgroup/memory"),
            Map.entry("name=systemd", "/sys/fs/cgroup/systemd"));
    assertThat(layout.own())
        .containsOnly(
            Map.entry("", "/"),
            Map.entry("cpu", "/"),
            Map.entry("cpuacct", "/"),
            Map.entry("memory", "/a/b"),
            Map.entry("name=systemd", "/init.scope"));
    assertThat(layout.base()).contains("/bailey");
    assertThat(layout.version("memory", "memory")).contains(CgroupVersion.V1);
    assertThat(layout.version("hugetlb", "hugetlb")).contains(CgroupVersion.V2);
    assertThat(layout.version("pids", "pids")).isEqualTo(Optional.empty());
  }

  @Test
  void insideOfABoundary() {
    var mounts =
        """
        50 40 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        51 40 0:33 / /sys/fs/cgroup/unified rw - cgroup2 cgroup rw
        """;
    var own = CgroupMembership.parse("4:memory:/own\n5:freezer:/\n0::/own/tasks\n");
    var machine =
        new Machine(
            Map.of("/sys/fs/cgroup/unified/own/cgroup.controllers", "hugetlb\n"),
            Set.of("/sys/fs/cgroup/memory/own"));
    var layout = CgroupProbe.layout(MountEntry.parseAll(mounts), own, 0, true, machine);
    assertThat(layout.base()).contains("/own/bailey");
    assertThat(layout.mounts()).containsOnlyKeys("memory"); // what it was given, and no more
    assertThat(layout.unifiedControllers()).containsExactly("hugetlb");
  }

  @Test
  void aBoundaryWhoseGroupsCannotBeWritten() {
    var mounts = "51 40 0:33 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n";
    var own = CgroupMembership.parse("0::/own/tasks\n");
    var machine = new Machine(Map.of(), Set.of("/sys/fs/cgroup"));
    assertThat(CgroupProbe.layout(MountEntry.parseAll(mounts), own, 0, true, machine).base())
        .isEmpty();
  }

  /** A group of the machine may be called so too; the namespace tells. */
  @Test
  void theMachineItself() {
    assertThat(SurroundingsProbe.inBoundary(CgroupMembership.parse("0::/own\n")))
        .as("where these tests run")
        .isFalse();
    assertThat(SurroundingsProbe.inBoundary(CgroupMembership.parse("0::/owned\n"))).isFalse();
  }

  @Test
  void insideOfAnotherContainer() {
    var mounts =
        """
        50 40 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
        51 40 0:33 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids
        52 40 0:33 / /other/pids ro - cgroup cgroup rw,pids
        """;
    var own = "4:memory:/docker/abc/job\n5:pids:/docker/abc\n";
    var layout = layout(mounts, own, 0, new Machine(Map.of(), Set.of()));
    assertThat(layout.own())
        .containsOnly(Map.entry("memory", "/job"), Map.entry("pids", "/docker/abc"));
    assertThat(layout.mounts()).containsEntry("pids", "/other/pids");
    assertThat(layout.unified()).isEmpty();
  }

  @Test
  void pathsBelowAMount() {
    assertThat(CgroupMembership.below("/", "/a")).isEqualTo("/a");
    assertThat(CgroupMembership.below("/a", "/a")).isEqualTo("/");
    assertThat(CgroupMembership.below("/a", "/a/b")).isEqualTo("/b");
    assertThat(CgroupMembership.below("/a", "/ab")).isEmpty();
    assertThat(CgroupMembership.below("/", "/../x")).isEmpty();
  }
}
