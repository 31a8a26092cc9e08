package bailey.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.CgroupLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupPlacesTest {
  private static final CgroupLayout LAYOUT =
      new CgroupLayout(
          Map.of("memory", "/cg/memory", "cpu", "/cg/cpu", "pids", "/cg/pids"),
          Optional.of("/cg/unified"),
          List.of(),
          Map.of(),
          Optional.of("/bailey"));

  @Test
  void whatAMountDoesNotShowIsNoPlace() {
    var mounts =
        MountEntry.parseAll(
            """
            1 0 0:1 / /cg/memory rw - cgroup cgroup rw,memory
            2 0 0:2 /outer /cg/cpu rw - cgroup cgroup rw,cpu
            3 0 0:3 / /cg/pids rw - cgroup cgroup rw,pids
            4 0 0:4 / /cg/unified rw - cgroup2 cgroup2 rw
            5 0 0:5 /x /cg/memory/sub rw - tmpfs tmpfs rw
            """);
    var places = GroupPlaces.of(LAYOUT, mounts);
    var of =
        places.of(
            CgroupMembership.parse("4:memory:/a/b\n3:cpu:/outer/c\n2:pids:/../elsewhere\n0::/\n"));
    assertThat(of).isEqualTo(Map.of("memory", "a/b", "cpu", "c", "cgroup", ""));
    assertThat(places.of(CgroupMembership.parse("3:cpu:/other\n"))).isEmpty();
  }
}
