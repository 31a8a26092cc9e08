package bailey;

import static bailey.FakeMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.testkit.namespace.ControlledContainer;
import bailey.testkit.namespace.NamespaceFileContract;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NamespaceFileTest extends NamespaceFileContract {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  private @Nullable ContainerProcess one;
  private @Nullable ContainerProcess other;
  private @Nullable Container made;

  @BeforeEach
  void start() {
    one = machine.start(spec().name("one"), "/bin/sleep");
    other = machine.start(spec().name("other"), "/bin/sleep");
  }

  @AfterEach
  void end() throws InterruptedException {
    for (var process : new ContainerProcess[] {one, other}) {
      Objects.requireNonNull(process).destroyForcibly();
      process.waitFor();
    }
    if (made != null) {
      made.remove(false);
    }
  }

  private record Controlled(Container container) implements ControlledContainer {
    @Override
    public String get(String control, View view) {
      return container.get(control, view);
    }

    @Override
    public void set(String control, String value) {
      container.set(control, value);
    }

    @Override
    public String effective(String control) {
      return container.effective(control);
    }

    @Override
    public Map<String, String> all() {
      return container.controls();
    }
  }

  @Override
  protected ControlledContainer container() {
    return new Controlled(Objects.requireNonNull(one).container());
  }

  @Override
  protected ControlledContainer neighbour() {
    return new Controlled(Objects.requireNonNull(other).container());
  }

  @Override
  protected ControlledContainer created(Set<NamespaceKind> kinds, Map<String, String> controls) {
    var spec = spec().name("created").detached(true);
    kinds.forEach(kind -> spec.namespace(kind, NamespaceRequest.NEW));
    controls.forEach(spec::control);
    made = machine.system().create(spec.build());
    return new Controlled(made);
  }

  @Test
  void whatIsSetBeforeTheStartHoldsFromTheStart() throws Exception {
    var container =
        machine
            .system()
            .create(
                spec()
                    .name("later")
                    .control("ipc.shmmni", "10")
                    .control("time.boottime", "-1.5")
                    .build());
    container.set("uts.hostname", "early");
    container.set("ipc.shmmni", "20");
    container.set("time.monotonic", "60");
    assertThat(container.get("ipc.shmmni")).isEqualTo("20");
    assertThat(container.get("time.boottime")).isEqualTo("-1.5");
    assertThatThrownBy(() -> container.get("ipc.sem")).isInstanceOf(ContainerBusy.class);
    assertThatThrownBy(() -> container.set("mnt.readonly", "/ on"))
        .isInstanceOf(ContainerBusy.class);
    assertThatThrownBy(() -> container.set("ipc.shmmni", "-1")).isInstanceOf(BadRequest.class);
    var process = container.start("/bin/sleep");
    assertThat(container.get("uts.hostname")).isEqualTo("early");
    assertThat(container.effective("ipc.shmmni")).isEqualTo("20");
    clocksAreSet(new Controlled(container), "60", "-1.5");
    process.destroyForcibly();
    process.waitFor();
    container.close();
    assertThat(machine.system().containers()).hasSize(2);
  }

  @Test
  void whatWasMadeBeforeIsWhatItsCommandGets() throws Exception {
    var early =
        created(
            Set.of(NamespaceKind.IPC, NamespaceKind.TIME),
            Map.of("ipc.shmmni", "10", "time.boottime", "5", "net.ipv4.ip_forward", "1"));
    early.set("ipc.shmmni", "20");
    early.set("uts.hostname", "named");
    var container = Objects.requireNonNull(made);
    var process = container.start("/bin/sleep");
    assertThat(container.get("ipc.shmmni")).isEqualTo("20");
    assertThat(container.get("time.boottime")).isEqualTo("5");
    assertThat(container.get("net.ipv4.ip_forward")).isEqualTo("1");
    assertThat(container.get("uts.hostname")).isEqualTo("named");
    process.destroyForcibly();
    process.waitFor();
  }

  @Test
  void whatNeedsAUserNamespaceIsRefusedWhereTheStartMakesNone() {
    var container = machine.system().create(spec().name("later").build());
    container.set("user.max_net_namespaces", "5");
    assertThat(container.get("user.max_net_namespaces")).isEqualTo("5");
    assertThatThrownBy(() -> container.start("/bin/sleep"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("gets no user namespace of its own")
        .hasMessageContaining("--userns auto");
    container.close();
  }

  @Test
  void aSpecMaySetThem() throws Exception {
    var process =
        machine.start(
            spec().control("uts.hostname", "set").control("net.ipv4.ip_forward", "1"),
            "/bin/sleep");
    assertThat(process.container().get("uts.hostname")).isEqualTo("set");
    assertThat(process.container().get("net.ipv4.ip_forward")).isEqualTo("1");
    process.destroyForcibly();
    process.waitFor();
  }

  @Test
  void whatASpecCannotSetIsRefusedBeforeAnythingIsDone() {
    assertThatThrownBy(
            () ->
                machine.start(
                    spec()
                        .namespace(NamespaceKind.IPC, NamespaceRequest.SHARED)
                        .control("ipc.shmmni", "5"),
                    "/bin/true"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("gets no ipc namespace of its own");
    assertThatThrownBy(() -> machine.system().create(spec().control("pid.level", "5").build()))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("only reports");
    assertThatThrownBy(() -> machine.start(spec().control("mnt.readonly", "/ on"), "/bin/true"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("while the container runs");
    assertThat(machine.system().containers()).hasSize(2);
  }

  @Test
  void withoutABoundaryThereIsNoInside() {
    var container = Objects.requireNonNull(one).container();
    assertThatThrownBy(() -> container.set("memory.max", "1M", View.INTERNAL))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("has no boundary");
    assertThatThrownBy(() -> container.get("cpu.weight", View.INTERNAL))
        .isInstanceOf(BadRequest.class);
  }
}
