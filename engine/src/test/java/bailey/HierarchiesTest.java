package bailey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.container.OnEmpty;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.RootRequest;
import bailey.testkit.cgroup.FakeCgroups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HierarchiesTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();
  @RegisterExtension final FakeMachine v2 = new FakeMachine(FakeCgroups::v2);

  private ContainerSystem system() {
    return machine.system();
  }

  @Test
  void aSubsystemIsInOneHierarchy() {
    var info = system().mountHierarchy("classes", List.of("memory", "uts"));
    assertThat(info).isEqualTo(new HierarchyInfo("classes", List.of("memory", "uts"), 0, 0, ""));
    assertThat(system().hierarchies())
        .extracting(HierarchyInfo::name)
        .containsExactly("default", "classes");
    assertThat(system().hierarchies().getFirst().subsystems())
        .contains("pids", "net")
        .doesNotContain("memory", "uts");
    assertThatThrownBy(() -> system().mountHierarchy("more", List.of("pids", "memory")))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageContaining("memory is bound to the hierarchy classes");
    assertThatThrownBy(() -> system().create(FakeMachine.spec().name("a").memory("64M").build()))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("memory is bound to the hierarchy classes, not to default")
        .hasMessageContaining("--hierarchy classes");
    system().unmountHierarchy("classes");
    assertThat(system().hierarchies().getFirst().subsystems()).contains("memory", "uts");
  }

  @Test
  void containersOfAHierarchyHaveItsSubsystemsOnly() throws Exception {
    system().mountHierarchy("classes", List.of("memory", "uts"));
    var classes = system().hierarchy("classes");
    try (var batch = classes.create(FakeMachine.spec().name("batch").memory("64M").build())) {
      assertThat(batch.get("memory.max")).isEqualTo("67108864");
      assertThatThrownBy(() -> batch.get("pids.max"))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("pids is bound to the hierarchy default, not to classes");
      assertThat(system().containers()).isEmpty();
      assertThat(classes.containers()).extracting(Container::name).containsExactly("batch");
      assertThat(machine.kernel().cgroups().children("pids", ""))
          .noneMatch(group -> group.startsWith("bailey.classes"));
      var process =
          classes.start(FakeMachine.spec().name("batch/job").build(), List.of("/bin/sleep"));
      assertThat(classes.container("batch/job").controls()).doesNotContainKey("pids.max");
      assertThat(system().hierarchies().getLast()).returns(2, HierarchyInfo::containers);
      assertThat(system().hierarchies().getLast()).returns(1, HierarchyInfo::tasks);
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatIsBoundElsewhereIsThatOfTheStarter() throws Exception {
    system().mountHierarchy("names", List.of("uts"));
    var names = system().hierarchy("names");
    try (var one = names.create(FakeMachine.spec().name("one").build())) {
      var process = one.start("/bin/sleep");
      var processes = machine.kernel().processes();
      long self = processes.self().pid();
      assertThat(processes.namespace(process.pid(), NamespaceKind.UTS))
          .isNotEqualTo(processes.namespace(self, NamespaceKind.UTS));
      assertThat(processes.namespace(process.pid(), NamespaceKind.NET))
          .isEqualTo(processes.namespace(self, NamespaceKind.NET));
    }
    var usual = system().start(FakeMachine.spec().build(), List.of("/bin/sleep"));
    var processes = machine.kernel().processes();
    assertThat(processes.namespace(usual.pid(), NamespaceKind.UTS))
        .isEqualTo(processes.namespace(processes.self().pid(), NamespaceKind.UTS));
    usual.destroyForcibly().waitFor();
    assertThatThrownBy(
            () ->
                names.create(
                    FakeMachine.spec().namespace(NamespaceKind.NET, NamespaceRequest.NEW).build()))
        .hasMessageContaining("net is bound to the hierarchy default, not to names");
    assertThatThrownBy(
            () -> names.create(FakeMachine.spec().root(new RootRequest.Directory("/srv")).build()))
        .hasMessageContaining("mnt is bound to the hierarchy default, not to names");
  }

  @Test
  void aHierarchyWithContainersStays() {
    system().mountHierarchy("classes", List.of("memory"));
    var classes = system().hierarchy("classes");
    try (var held = classes.create(FakeMachine.spec().name("held").build())) {
      assertThatThrownBy(() -> system().unmountHierarchy("classes"))
          .isInstanceOf(ContainerBusy.class)
          .hasMessageContaining("held");
      assertThat(held.state().toString()).isEqualTo("created");
    }
    try (var _ = system().create(FakeMachine.spec().name("usual").build())) {
      assertThatThrownBy(() -> system().mountHierarchy("more", List.of("pids")))
          .isInstanceOf(ContainerBusy.class)
          .hasMessageContaining("usual");
    }
    system().unmountHierarchy("classes");
    assertThatThrownBy(classes::containers).isInstanceOf(NoSuchContainer.class);
    assertThatThrownBy(() -> system().hierarchy("classes"))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessageContaining("default");
  }

  @Test
  void whoPlannedBeforeAChangePlansAgain() {
    var other = ContainerSystem.open(machine.kernel(), machine.state());
    system().mountHierarchy("classes", List.of("memory"));
    assertThatThrownBy(() -> other.create(FakeMachine.spec().memory("64M").build()))
        .hasMessageContaining("memory is bound to the hierarchy classes");
    system().unmountHierarchy("classes");
    try (var made = other.create(FakeMachine.spec().memory("64M").build())) {
      assertThat(made.get("memory.max")).isEqualTo("67108864");
    }
  }

  @Test
  void hierarchiesOutliveTheirMakerButNotAStartOfTheMachine() {
    system().mountHierarchy("names", List.of("uts"));
    var later = ContainerSystem.open(machine.kernel(), machine.state());
    assertThat(later.hierarchies()).extracting(HierarchyInfo::name).contains("names");
    machine.reboot();
    assertThat(machine.system().hierarchies())
        .extracting(HierarchyInfo::name)
        .containsExactly("default");
    machine.system().mountHierarchy("names", List.of("uts"));
  }

  @Test
  void oneTreeOfAllControllersIsNotDivided() {
    assertThatThrownBy(() -> v2.system().mountHierarchy("classes", List.of("memory")))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("cgroup v2, which is one tree for all controllers");
    v2.system().mountHierarchy("names", List.of("uts", "net"));
    var names = v2.system().hierarchy("names");
    try (var one = names.create(FakeMachine.spec().name("one").build())) {
      var process = one.start("/bin/sleep");
      assertThat(one.tasks()).hasSize(1);
      assertThat(one.tasks().getFirst().pid()).isEqualTo(process.pid());
    }
    v2.system().unmountHierarchy("names");
  }

  @Test
  void whatTheKernelHasTogetherStaysTogether() {
    assertThatThrownBy(() -> system().mountHierarchy("classes", List.of("cpu")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("cpu and cpuacct are in one hierarchy of this kernel");
    system().mountHierarchy("classes", List.of("cpu", "cpuacct"));
  }

  @Test
  void aRefusedMountLeavesNothing() throws Exception {
    machine.kernel().refuse(step -> step.note().what().startsWith("naming it "), Errno.ENOSPC);
    assertThatThrownBy(() -> system().mountHierarchy("names", List.of("uts")))
        .hasMessageContaining("cannot mount the hierarchy names");
    machine.kernel().refuse(_ -> false, Errno.ENOSPC);
    assertThat(Files.exists(Path.of(machine.state(), "hierarchies", "names"))).isFalse();
    assertThat(system().hierarchies()).hasSize(1);
    system().mountHierarchy("names", List.of("uts"));
  }

  @Test
  void anEmptyContainerIsRemovedOrNotified() throws Exception {
    var agents = new LinkedBlockingQueue<List<String>>();
    machine
        .kernel()
        .program(
            "/bin/agent",
            command -> {
              agents.add(command.arguments());
              return 0;
            });
    system().releaseAgent("/bin/agent");
    var told = system().create(FakeMachine.spec().name("told").detached(true).build());
    told.onEmpty(OnEmpty.NOTIFY);
    told.start("/bin/exit", "0").waitFor();
    assertThat(agents.poll(60, TimeUnit.SECONDS)).containsExactly("/bin/agent", "told");
    var gone = system().create(FakeMachine.spec().name("gone").detached(true).build());
    gone.onEmpty(OnEmpty.DELETE);
    var process = gone.start("/bin/sleep");
    process.destroyForcibly().waitFor();
    var end = Instant.now().plusSeconds(60);
    while (system().containers().size() > 1) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(system().containers()).extracting(Container::name).containsExactly("told");
    told.close();
  }

  @Test
  void namesAreChecked() {
    for (var name : List.of("", "default", "a/b", "..", "x y", "n".repeat(65))) {
      assertThatThrownBy(() -> system().mountHierarchy(name, List.of("uts")))
          .as(name)
          .isInstanceOf(BadRequest.class);
    }
    assertThatThrownBy(() -> system().mountHierarchy("x", List.of("utz")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("utz");
    assertThat(ContainerSpec.builder().bare().build().seccomp()).isFalse();
  }
}
