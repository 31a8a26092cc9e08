package bailey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.testkit.machine.Program;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CPUs in a hierarchy whose kernel's cpuset is held by the memory nodes of another one. */
class CpuPlacementTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  private final List<ContainerProcess> started = new ArrayList<>();

  private ContainerSystem placed() {
    machine.system().mountHierarchy("placed", List.of("cpuset"));
    return machine.system().hierarchy("placed");
  }

  private ContainerProcess start(ContainerSystem system, String name, String program) {
    return started(system.start(FakeMachine.spec().name(name).build(), List.of(program)));
  }

  private ContainerProcess started(ContainerProcess process) {
    started.add(process);
    return process;
  }

  private String cpus(long pid) {
    return machine.kernel().processes().cpus(pid).orElse("gone");
  }

  private void endAll() throws InterruptedException {
    for (var process : started.reversed()) {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  @Test
  void cpusAreTheAffinityOfEachTaskAndInherited() throws Exception {
    machine
        .kernel()
        .program(
            "/bin/parent",
            command -> {
              command.fork(Program.FOR_EVER);
              command.print("forked");
              command.sleepForEver();
              return 0;
            });
    var system = placed();
    var process =
        started(
            system.start(
                FakeMachine.spec().name("a").control("cpuset.cpus", "0-1").build(),
                List.of("/bin/parent")));
    assertThat(process.getInputStream().readNBytes(6)).hasSize(6);
    var container = system.container("a");
    assertThat(container.get("cpuset.cpus")).isEqualTo("0-1");
    assertThat(container.get("cpuset.cpus.effective")).isEqualTo("0-1");
    assertThat(container.tasks()).hasSizeGreaterThan(1);
    assertThat(container.tasks()).allSatisfy(t -> assertThat(cpus(t.pid())).isEqualTo("0-1"));
    container.set("cpuset.cpus", "1,2");
    assertThat(container.get("cpuset.cpus")).isEqualTo("1-2");
    assertThat(container.tasks()).allSatisfy(t -> assertThat(cpus(t.pid())).isEqualTo("1-2"));
    var further = started(container.exec("/bin/sleep"));
    assertThat(cpus(further.pid())).isEqualTo("1-2");
    assertThat(cpus(machine.kernel().processes().self().pid())).isEqualTo("0-3");
    endAll();
  }

  @Test
  void whatIsInsideHasWhatIsOutsideToo() throws Exception {
    var system = placed();
    start(system, "a", "/bin/sleep");
    system.container("a").set("cpuset.cpus", "0-2");
    var inner = start(system, "a/b", "/bin/sleep");
    assertThat(cpus(inner.pid())).isEqualTo("0-2");
    inner.container().set("cpuset.cpus", "2-3");
    assertThat(inner.container().get("cpuset.cpus")).isEqualTo("2-3");
    assertThat(inner.container().get("cpuset.cpus.effective")).isEqualTo("2");
    assertThat(cpus(inner.pid())).isEqualTo("2");
    system.container("a").set("cpuset.cpus", "3");
    assertThat(cpus(inner.pid())).isEqualTo("3");
    endAll();
  }

  @Test
  void whatTheMachineHasNotIsRefused() throws Exception {
    var system = placed();
    var process = start(system, "a", "/bin/sleep");
    var container = process.container();
    assertThatThrownBy(() -> container.set("cpuset.cpus", "9"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("cpuset.cpus: 9 has no CPU that this machine has; write some of 0-3");
    assertThatThrownBy(() -> container.set("cpuset.cpus", "x")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> container.set("cpuset.cpus.effective", "0"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("only reports");
    assertThatThrownBy(() -> container.get("memset.mems"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("bound to the hierarchy default");
    assertThat(container.get("cpuset.cpus")).isEqualTo("0-3");
    assertThat(cpus(process.pid())).isEqualTo("0-3");
    endAll();
  }

  @Test
  void elsewhereTheKernelsCpusetIsTaken() throws Exception {
    var process = start(machine.system(), "usual", "/bin/sleep");
    assertThat(cpus(process.pid())).isEqualTo("0-3");
    endAll();
  }
}
