package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.ContainerSystem;
import bailey.NamespaceUse;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.linux.LinuxKernel;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Namespaces that stay without a task. */
class PinTest {
  private static final Set<NamespaceKind> KINDS =
      EnumSet.of(
          NamespaceKind.MNT,
          NamespaceKind.UTS,
          NamespaceKind.IPC,
          NamespaceKind.NET,
          NamespaceKind.CGROUP,
          NamespaceKind.TIME);

  @RegisterExtension final Engine engine = new Engine();

  private static ContainerSpec.Builder with(Set<NamespaceKind> kinds) {
    var spec = spec();
    kinds.forEach(kind -> spec.namespace(kind, NamespaceRequest.NEW));
    return spec;
  }

  private static Map<NamespaceKind, Long> held(ContainerSystem system, String container) {
    var inodes = new HashMap<NamespaceKind, Long>();
    for (var use : system.namespaces()) {
      if (use.container().filter(container::equals).isPresent()) {
        assertThat(use.holders())
            .as(use.kind().file())
            .hasSize(1)
            .first()
            .isInstanceOf(Holder.Mount.class);
        inodes.put(use.kind(), use.inode());
      }
    }
    return inodes;
  }

  @Test
  void namespacesStayWithoutATask() throws Exception {
    var blue = engine.system().create(with(KINDS).name("blue").detached(true).build());
    var held = held(engine.system(), "blue");
    assertThat(held.keySet()).isEqualTo(KINDS);
    assertThat(blue.tasks()).isEmpty();
    assertThat(ProcessHandle.of(engine.executorPid()).orElseThrow().children()).isEmpty();
    engine.kernel().close();
    try (var kernel = new LinuxKernel();
        var later = ContainerSystem.open(kernel, engine.state())) {
      assertThat(later.gc().removed()).isEmpty();
      assertThat(held(later, "blue")).isEqualTo(held);
      var process =
          later
              .container("blue")
              .start(
                  "/bin/sh",
                  "-c",
                  "hostname; for k in "
                      + KINDS.stream().map(NamespaceKind::file).collect(Collectors.joining(" "))
                      + "; do readlink /proc/self/ns/$k; done");
      var lines = output(process).lines().toList();
      assertThat(process.waitFor()).isZero();
      assertThat(lines.getFirst()).isEqualTo("blue");
      var inside =
          KINDS.stream()
              .map(kind -> kind.file() + ":[" + held.get(kind) + "]")
              .collect(Collectors.toSet());
      assertThat(Set.copyOf(lines.subList(1, lines.size()))).isEqualTo(inside);
      assertThat(held(later, "blue")).isEqualTo(held);
      later.container("blue").remove(false);
      assertThat(later.containers()).isEmpty();
      assertThat(later.namespaces())
          .extracting(NamespaceUse::inode)
          .doesNotContainAnyElementsOf(held.values());
    }
  }

  @Test
  void removingLetsGo() {
    var green = engine.system().create(with(Set.of(NamespaceKind.NET)).name("green").build());
    long inode = held(engine.system(), "green").values().iterator().next();
    green.remove(false);
    assertThat(engine.system().namespaces()).extracting(NamespaceUse::inode).doesNotContain(inode);
  }

  @Test
  void othersJoinThem() throws Exception {
    try (var green =
        engine.system().create(with(Set.of(NamespaceKind.NET)).name("green").build())) {
      long inode = held(engine.system(), "green").values().iterator().next();
      var file = engine.state() + "/containers/c-green/ns/net";
      var process =
          engine.sh(
              spec().namespace(NamespaceKind.NET, new NamespaceRequest.Joined(file)),
              "readlink /proc/self/ns/net");
      assertThat(output(process)).isEqualToIgnoringNewLines("net:[" + inode + "]");
      assertThat(process.waitFor()).isZero();
      assertThat(green.state().toString()).isEqualTo("created");
    }
  }

  @Test
  void aPidNamespaceCannotStay() {
    assertThatThrownBy(
            () -> engine.system().create(with(Set.of(NamespaceKind.PID)).name("p").build()))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("lives as long as its process 1");
    assertThat(engine.system().containers()).isEmpty();
  }
}
