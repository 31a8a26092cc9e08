package bailey;

import static bailey.FakeMachine.output;
import static bailey.FakeMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.abi.Errno;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.error.StepFailed;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.state.ContainerState;
import bailey.testkit.machine.Program;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ContainerSystemTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  @Test
  void aCommandRunsAndLeavesItsReport() throws Exception {
    machine
        .kernel()
        .program(
            "/bin/greet",
            command -> {
              command.print("hello " + command.arguments().get(1) + "\n");
              command.printError("no error\n");
              return 3;
            });
    var process = machine.start(spec().name("one").memory("64M"), "greet", "world");
    assertThat(output(process)).isEqualTo("hello world\n");
    assertThat(process.getErrorStream().readAllBytes())
        .isEqualTo("no error\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(process.waitFor()).isEqualTo(3);
    assertThat(process.container().state()).isEqualTo(ContainerState.GONE);
    var report = machine.system().report("one");
    assertThat(report.exitCode()).hasValue(3);
    assertThat(report.command()).containsExactly("greet", "world");
    assertThat(report).isEqualTo(process.exitReport().join());
    assertThat(machine.groups()).isEmpty();
    assertThat(machine.kernel().running()).isEmpty();
  }

  @Test
  void itReadsItsInput() throws Exception {
    machine
        .kernel()
        .program(
            "/bin/echo",
            command -> {
              for (var line = command.readLine(); line != null; line = command.readLine()) {
                command.print(line + "!");
              }
              return 0;
            });
    var process = machine.start(spec(), "/bin/echo");
    process.getOutputStream().write("a\nb\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().close();
    assertThat(output(process)).isEqualTo("a!b!");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aContainerGoesThroughItsLife() throws Exception {
    var container = machine.system().create(spec().name("life").pids(5).build());
    assertThat(container.state()).isEqualTo(ContainerState.CREATED);
    assertThat(container.pid()).isEmpty();
    assertThat(container.get("pids.max")).isEqualTo("5");
    var process = container.start("/bin/cat");
    assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(container.pid()).hasValue(process.pid());
    assertThat(container.command()).containsExactly("/bin/cat");
    assertThat(container.tasks()).hasSize(2); // process 1 is bailey's own
    container.freeze();
    assertThat(container.state()).isEqualTo(ContainerState.FROZEN);
    container.thaw();
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
    assertThat(container.state()).isEqualTo(ContainerState.ENDED);
    container.close();
    assertThat(container.state()).isEqualTo(ContainerState.GONE);
    container.close();
    assertThatThrownBy(container::created).isInstanceOf(NoSuchContainer.class);
    assertThat(machine.groups()).isEmpty();
  }

  @Test
  void oneLookTellsWhatTheQuestionsTell() throws Exception {
    var container = machine.system().create(spec().name("look").memory("64M").build());
    var created = container.info();
    assertThat(created.state()).isEqualTo(ContainerState.CREATED);
    assertThat(created.pid()).isEmpty();
    assertThat(created.command()).isEmpty();
    assertThat(created.created()).contains(container.created());
    assertThat(container.usage().memoryLimitBytes()).hasValue(64 << 20);
    container.set("memory.max", "max");
    assertThat(container.usage().memoryLimitBytes()).isEmpty();
    var process = container.start("/bin/cat");
    var running = container.info();
    assertThat(running.name()).isEqualTo("look");
    assertThat(running.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(running.pid()).hasValue(process.pid());
    assertThat(running.command()).containsExactly("/bin/cat");
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
    assertThat(container.info().pid()).isEmpty();
    container.close();
    var gone = container.info();
    assertThat(gone.state()).isEqualTo(ContainerState.GONE);
    assertThat(gone.created()).isEmpty();
    assertThatThrownBy(container::usage).isInstanceOf(NoSuchContainer.class);
  }

  @Test
  void whatDoesNotFitTheStateIsRefused() {
    var container = machine.system().create(spec().name("idle").build());
    assertThatThrownBy(container::freeze)
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot freeze idle: it has no task yet; start its first command instead");
    assertThatThrownBy(() -> container.exec("/bin/true")).isInstanceOf(ContainerBusy.class);
    assertThatThrownBy(container::await)
        .hasMessage("cannot wait for idle: it has no task yet; start its first command");
    assertThatThrownBy(() -> machine.system().report("idle"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageStartingWith("there is no report of idle: it has not ended; ");
  }

  @Test
  void aTimeoutKills() throws Exception {
    var process = machine.start(spec().timeout(Duration.ofMillis(5)), "/bin/sleep");
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    assertThat(process.exitReport().join().limit()).contains(ExitReport.TIMEOUT);
  }

  @Test
  void destroyEndsAndForceKillsAll() throws Exception {
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
    var gentle = machine.start(spec(), "/bin/sleep");
    gentle.destroy();
    assertThat(gentle.waitFor()).isEqualTo(128 + 15);
    var parent = machine.start(spec(), "/bin/parent");
    assertThat(parent.getInputStream().readNBytes(6)).hasSize(6);
    parent.destroyForcibly();
    assertThat(parent.waitFor()).isEqualTo(128 + 9);
    assertThat(machine.kernel().running()).isEmpty();
    assertThat(machine.groups()).isEmpty();
  }

  @Test
  void aRefusedStepIsASentenceAndUndone() {
    machine.kernel().refuse(step -> step.note().what().startsWith("mounting proc"), Errno.EPERM);
    assertThatThrownBy(() -> machine.start(spec().name("job-42").memory("1M"), "/bin/true"))
        .isInstanceOfSatisfying(
            StepFailed.class,
            e -> {
              assertThat(e.errno()).isEqualTo(1);
              assertThat(e.execution()).isFalse();
            })
        .hasMessageMatching(
            "cannot start job-42: mounting proc.* \\(step [0-9]+ of [0-9]+\\) failed: EPERM"
                + " \\(operation not permitted\\)\\. The kernel allows this only where .*");
    assertThat(machine.system().containers()).isEmpty();
    assertThat(machine.groups()).isEmpty();
    assertThat(machine.kernel().running()).isEmpty();
  }

  @Test
  void whoIsPutIntoAGroupWhileItIsRemovedStaysAndItIsThereAgain() {
    var container = machine.system().create(spec().name("web").memory("1M").build());
    long other = machine.kernel().startProcess("/bin/other");
    var groups = everywhere();
    assertThat(groups).hasSizeGreaterThan(2);
    machine
        .kernel()
        .refuse(
            step -> {
              if (step.note().what().matches("removing the cgroup .*/pids/.*/c-web")) {
                put(other, "pids", "c-web");
              }
              return false;
            },
            Errno.EBUSY);
    assertThatThrownBy(() -> container.remove(false))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageStartingWith("cannot remove web: 1 processes were put into it, such as ");
    assertThat(everywhere()).isEqualTo(groups);
    assertThat(container.get("memory.max")).isEqualTo("1048576");
    assertThat(machine.kernel().groupsOf(other).get("pids")).endsWith("/c-web");
    machine.kernel().refuse(_ -> false, Errno.EBUSY);
    container.remove(true);
    assertThat(everywhere()).isEmpty();
  }

  private void put(long pid, String controller, String name) {
    var groups = machine.kernel().cgroups();
    for (var top : groups.children(controller, "")) {
      if (top.startsWith("bailey")) {
        groups.write(controller, top + "/" + name, "cgroup.procs", Long.toString(pid));
      }
    }
  }

  /** The hierarchies in which there is a group of a container. */
  private List<String> everywhere() {
    var groups = machine.kernel().cgroups();
    var layout = machine.kernel().features().cgroups();
    return Stream.concat(layout.mounts().keySet().stream(), Stream.of("cgroup"))
        .filter(
            controller ->
                groups.children(controller, "").stream()
                    .filter(top -> top.startsWith("bailey"))
                    .anyMatch(top -> !groups.children(controller, top).isEmpty()))
        .sorted()
        .toList();
  }

  @Test
  void aCommandThatIsNotThereIsAnExecutionThatFailed() {
    assertThatThrownBy(() -> machine.start(spec(), "nowhere"))
        .isInstanceOfSatisfying(StepFailed.class, e -> assertThat(e.execution()).isTrue());
    assertThatThrownBy(() -> machine.start(spec())).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> machine.start(spec().terminal(true), "/bin/true"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("--tty: ");
  }

  @Test
  void aFullDiskIsASentence() {
    machine.kernel().fillDisk(true);
    assertThatThrownBy(() -> machine.start(spec(), "/bin/true"))
        .isInstanceOfSatisfying(StepFailed.class, e -> assertThat(e.errno()).isEqualTo(28))
        .hasMessageContaining("Free space, or name another state directory by BAILEY_STATE");
  }

  @Test
  void aNameIsTakenOnce() throws Exception {
    var first = machine.start(spec().name("x"), "/bin/cat");
    assertThatThrownBy(() -> machine.start(spec().name("x"), "/bin/true"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageStartingWith("cannot start x: the name is in use; ");
    assertThatThrownBy(() -> machine.system().create(spec().name("x").build()))
        .hasMessageStartingWith("cannot create x: the name is in use; ");
    first.getOutputStream().close();
    first.waitFor();
    assertThat(machine.start(spec().name("x"), "/bin/true").waitFor()).isZero();
  }

  @Test
  void namesAreInvented() throws Exception {
    var a = machine.start(spec(), "/bin/cat");
    var b = machine.start(spec(), "/bin/cat");
    assertThat(a.container().name()).isNotEqualTo(b.container().name()).matches("[a-z][a-z2-9]{6}");
    assertThat(machine.system().containers()).hasSize(2);
    a.destroyForcibly();
    b.destroyForcibly();
    a.waitFor();
    b.waitFor();
  }

  @Test
  void unknownNamesAreGuessed() {
    machine.system().create(spec().name("builder").build());
    assertThatThrownBy(() -> machine.system().container("bulider"))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessage("bulider: no such container; did you mean builder?");
    assertThatThrownBy(() -> machine.system().container("/x")).isInstanceOf(BadRequest.class);
  }

  @Test
  void aKilledExecutorIsSurvived() throws Exception {
    var process = machine.start(spec().name("lost"), "/bin/sleep");
    machine.kernel().killExecutor();
    process.onExit().join();
    assertThat(process.exitValue()).isEqualTo(125);
    assertThatThrownBy(() -> process.exitReport().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StateDamaged.class);
    assertThat(machine.system().containers()).isEmpty();
    assertThat(machine.groups()).isEmpty();
    assertThat(machine.start(spec().name("lost"), "/bin/true").waitFor()).isZero();
  }

  @Test
  void whatRanBeforeAStartOfTheMachineIsRemoved() {
    machine.system().create(spec().name("made").build());
    assertThat(machine.start(spec().name("ran"), "/bin/sleep").isAlive()).isTrue();
    machine.reboot();
    machine.system().gc();
    assertThat(machine.system().containers()).isEmpty();
  }

  @Test
  void aDamagedRecordIsKeptUntilForced() throws Exception {
    var container = machine.system().create(spec().name("torn").build());
    var intent = Path.of(machine.state(), "containers/c-torn/intent");
    Files.writeString(intent, Files.readString(intent).replace("userbase", "baseuser"));
    assertThat(container.state()).isEqualTo(ContainerState.DAMAGED);
    assertThat(machine.system().gc().kept()).hasSize(1);
    assertThat(machine.system().gc(true).removed())
        .containsExactly("removed torn: its record was damaged");
    assertThat(machine.groups()).isEmpty();
  }

  @Test
  void groupsWithoutARecordAreRemovedUnlessTheyHaveTasks() {
    var kernel = machine.kernel();
    machine.system().create(spec().name("real").memory("1M").build());
    var base =
        kernel.cgroups().children("memory", "").stream()
            .filter(name -> name.startsWith("bailey"))
            .findFirst()
            .orElseThrow();
    kernel.cgroups().mkdir("memory", base + "/c-stray");
    kernel.cgroups().mkdir("memory", base + "/c-stray/c-inner");
    kernel.cgroups().mkdir("memory", base + "/other");
    kernel.cgroups().mkdir("memory", base + "/c-busy");
    // where it has its pid namespace from others, nobody can tell that it was moved by hand
    var process =
        machine.start(
            spec().name("runs").namespace(NamespaceKind.PID, NamespaceRequest.SHARED),
            "/bin/sleep");
    kernel
        .cgroups()
        .write("memory", base + "/c-busy", "cgroup.procs", Long.toString(process.pid()));
    var result = machine.system().gc();
    assertThat(result.removed())
        .containsExactly("removed the control groups of stray, of which nothing is recorded");
    assertThat(result.repaired()).isEmpty();
    assertThat(result.kept())
        .satisfiesExactly(
            kept -> assertThat(kept).startsWith("kept runs: process " + process.pid()),
            kept -> assertThat(kept).startsWith("kept the control groups of busy: "));
    assertThat(kernel.cgroups().children("memory", base)).contains("other", "c-busy", "c-real");
    process.destroyForcibly().onExit().join(); // its keeper removes files, and so does this test
  }

  @Test
  void theExecutorKeepsNoDescriptors() throws Exception {
    machine.start(spec(), "/bin/true").waitFor();
    int before = machine.kernel().executorDescriptors();
    for (int i = 0; i < 5; i++) {
      machine.start(spec(), "/bin/true").waitFor();
    }
    assertThat(machine.kernel().executorDescriptors()).isEqualTo(before);
  }

  @Test
  void controlsOfNamespacesNeedATask() {
    var container = machine.system().create(spec().name("quiet").build());
    assertThatThrownBy(() -> container.get("uts.hostname")).isInstanceOf(ContainerBusy.class);
    assertThatThrownBy(() -> container.get("io.weight")).isInstanceOf(NotPossibleHere.class);
    assertThatThrownBy(() -> container.set("memory.current", "1")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> container.get("memory.mux"))
        .hasMessage("memory.mux: no such control; did you mean memory.max?");
  }

  @Test
  void explainingTouchesNothing() {
    var plan =
        machine
            .system()
            .explain(ContainerSpec.builder().name("x").memory("64M").build(), List.of("/bin/true"));
    assertThat(plan.title()).isEqualTo("run x");
    assertThat(machine.system().containers()).isEmpty();
    assertThat(machine.groups()).isEmpty();
  }

  @Test
  void launchingForTheCommandLine() throws Exception {
    var launch =
        machine
            .system()
            .launch(
                spec().name("far").detached(true).removed(false).build(),
                List.of("/bin/exit", "4"),
                false);
    assertThat(launch.name()).isEqualTo("far");
    var container = machine.system().container("far");
    assertThat(container.await().exitCode()).hasValue(4);
    assertThat(container.state()).isEqualTo(ContainerState.ENDED);
    assertThat(container.await(Duration.ofSeconds(1)).orElseThrow().exitCode()).hasValue(4);
    container.remove(false);
  }
}
