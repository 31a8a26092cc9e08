package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.ContainerSystem;
import bailey.HierarchyInfo;
import bailey.NamespaceUse;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several hierarchies on a real kernel, whichever version its control groups have. */
class HierarchyTest {
  @RegisterExtension final Engine engine = new Engine();

  private static ContainerSpec.Builder bare() {
    return spec().bare();
  }

  private boolean v1(String controller) {
    return engine.kernel().features().cgroups().mounts().containsKey(controller);
  }

  @Test
  void namespacesAloneAreAHierarchyThatTheKernelTracks() throws Exception {
    var system = engine.system();
    system.mountHierarchy("names", List.of("uts"));
    var names = system.hierarchy("names");
    var process =
        names.start(
            bare().name("blue").build(),
            List.of("/bin/sh", "-c", "hostname; grep c-blue /proc/self/cgroup; echo done; read x"));
    assertThat(line(process)).isEqualTo("blue");
    var tracked = line(process);
    assertThat(tracked).contains("name=bailey.names").endsWith("/c-blue");
    assertThat(line(process)).isEqualTo("done"); // what has looked is gone
    var mine = Path.of("/proc/self/ns");
    var theirs = Path.of("/proc/" + process.pid() + "/ns");
    assertThat(Files.readSymbolicLink(theirs.resolve("uts")))
        .isNotEqualTo(Files.readSymbolicLink(mine.resolve("uts")));
    for (var kind : List.of("mnt", "pid", "net", "ipc", "cgroup", "user")) {
      assertThat(Files.readSymbolicLink(theirs.resolve(kind)))
          .as(kind)
          .isEqualTo(Files.readSymbolicLink(mine.resolve(kind)));
    }
    assertThat(names.container("blue").tasks()).hasSize(1);
    assertThat(system.namespaces())
        .filteredOn(use -> use.container().filter("names:blue"::equals).isPresent())
        .extracting(NamespaceUse::kind)
        .containsExactly(NamespaceKind.UTS);
    assertThat(names.namespaces())
        .filteredOn(use -> use.container().filter("blue"::equals).isPresent())
        .hasSize(1);
    assertThat(system.hierarchies())
        .filteredOn(info -> info.name().equals("names"))
        .singleElement()
        .returns(1, HierarchyInfo::containers)
        .returns(1, HierarchyInfo::tasks);
    names.container("blue").kill();
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    system.unmountHierarchy("names");
    var option = tracked.substring(tracked.indexOf("name="), tracked.lastIndexOf(':'));
    var end = Instant.now().plusSeconds(60); // the kernel ends it in its own time
    while (Files.readString(Path.of("/proc/self/cgroup")).contains(option)) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void whatTheDefaultHierarchyHasNoMoreItsContainersShare() throws Exception {
    engine.system().mountHierarchy("names", List.of("uts"));
    var usual = engine.sh(spec(), "readlink /proc/self/ns/uts /proc/self/ns/ipc");
    var links = output(usual).lines().toList();
    assertThat(links.getFirst())
        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/uts")).toString());
    assertThat(links.getLast())
        .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/ipc")).toString());
    assertThat(usual.waitFor()).isZero();
  }

  @Test
  void controllersOfV1AreDivided() throws Exception {
    Assumptions.assumeTrue(v1("memory"), "this machine has cgroup v2 alone");
    engine.system().mountHierarchy("classes", List.of("memory"));
    var classes = engine.system().hierarchy("classes");
    var batch = classes.create(spec().name("batch").memory("64M").build());
    var process =
        classes.start(
            bare().name("batch/job").build(),
            List.of("/bin/sh", "-c", "cat /proc/self/cgroup; cat /proc/self/status; read x"));
    var groups = line(process);
    while (!groups.contains(":memory:")) {
      groups = line(process);
    }
    assertThat(groups).endsWith("/c-batch/c-job");
    assertThat(batch.get("memory.max")).isEqualTo(Integer.toString(64 << 20));
    assertThatThrownBy(() -> engine.start(spec().memory("64M"), "/bin/true"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("memory is bound to the hierarchy classes");
    var usual = engine.sh(spec().pids(10), "cat /proc/self/cgroup");
    assertThat(output(usual).lines())
        .anyMatch(entry -> entry.contains(":pids:/"))
        .noneMatch(entry -> entry.contains(":memory:") && entry.contains(engine.base()));
    process.getOutputStream().close();
    assertThat(process.waitFor()).isNotNegative();
  }

  @Test
  void theOneTreeOfV2IsNotDivided() {
    Assumptions.assumeFalse(v1("memory"), "memory is on cgroup v1 here");
    assertThatThrownBy(() -> engine.system().mountHierarchy("classes", List.of("memory")))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("one tree for all controllers");
  }

  @Test
  void hierarchiesOutliveWhoMadeThem() throws Exception {
    engine.system().mountHierarchy("names", List.of("uts"));
    engine.system().hierarchy("names").create(bare().name("kept").detached(true).build());
    engine.kernel().close();
    try (var other = new bailey.linux.LinuxKernel();
        var later = ContainerSystem.open(other, engine.state())) {
      var kept = later.hierarchy("names").container("kept");
      assertThat(kept.state().toString()).isEqualTo("created");
      assertThat(later.gc().removed()).isEmpty();
      kept.close();
      later.unmountHierarchy("names");
      assertThat(later.hierarchies()).hasSize(1);
    }
  }
}
