package bailey;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.SubsystemUse.Way;
import bailey.core.isolation.Tie;
import bailey.core.kernel.Holding;
import bailey.core.kernel.Holding.Kind;
import bailey.core.kernel.Holding.Place;
import bailey.core.kernel.Holding.Thing;
import bailey.core.kernel.Holdings;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a container shares, on the fake machine. */
class ShowTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  private static SubsystemUse use(Container container, String subsystem) {
    return container.subsystems().stream()
        .filter(use -> use.subsystem().equals(subsystem))
        .findFirst()
        .orElseThrow();
  }

  private static ContainerSpec.Builder spec() {
    return ContainerSpec.builder();
  }

  @Test
  void ownAndShared() throws Exception {
    var one = machine.start(spec().name("one").control("pids.max", "10"), "/bin/cat");
    var two =
        machine.start(
            spec()
                .name("two")
                .namespace(NamespaceKind.NET, NamespaceRequest.SHARED)
                .namespace(NamespaceKind.UTS, NamespaceRequest.SHARED),
            "/bin/cat");
    var first = one.container();
    var second = two.container();
    assertThat(use(first, "net").way()).isEqualTo(Way.OWN);
    assertThat(use(first, "net").with()).isEmpty();
    assertThat(use(second, "net").with()).containsExactly(SubsystemUse.MACHINE);
    assertThat(use(second, "uts").way()).isEqualTo(Way.SHARED);
    assertThat(use(second, "uts").with()).containsExactly(SubsystemUse.MACHINE);
    assertThat(use(first, "pids").way()).isEqualTo(Way.OWN);
    assertThat(use(first, "pids").place()).endsWith("/c-one");
    assertThat(use(second, "hugetlb").way()).isEqualTo(Way.SHARED);
    assertThat(second.ties())
        .extracting(Tie::kind)
        .containsExactly(Tie.Kind.NAMESPACE, Tie.Kind.NAMESPACE);
    one.destroyForcibly().onExit().join();
    two.destroyForcibly().onExit().join();
  }

  @Test
  void whatOthersHoldTiesIt() throws Exception {
    var process = machine.start(spec().name("one").init(false), "/bin/cat");
    var pipe = Thing.of(Kind.PIPE, 9);
    var held = List.of(new Holding(new Place.Descriptor(4), pipe, "pipe:[9]", false));
    assertThat(process.container().ties()).isEmpty();
    machine.kernel().holds(new Holdings(process.pid(), "cat", 0, held));
    assertThat(process.container().ties()).isEmpty();
    machine.kernel().holds(new Holdings(1, "init", 0, held));
    assertThat(process.container().ties())
        .containsExactly(
            new Tie(
                Tie.Kind.DESCRIPTOR,
                process.pid(),
                "cat",
                "descriptor 4 is pipe:[9], also held by 1 (init)"));
    process.destroyForcibly().onExit().join();
  }
}
