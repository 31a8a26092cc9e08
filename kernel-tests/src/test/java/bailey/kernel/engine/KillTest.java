package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.ContainerSystem;
import bailey.ExitReport;
import bailey.core.error.ContainerBusy;
import bailey.core.error.StateDamaged;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.state.ContainerState;
import bailey.linux.LinuxKernel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KillTest {
  /** Forks for ever, each child too; bounded by pids.max. */
  private static final String FORKS = "f() { while :; do f & done; }; f & echo go; read x";

  @RegisterExtension final Engine engine = new Engine();

  private ContainerProcess sleeper(String name) {
    return engine.start(spec().name(name), "/bin/sleep", "1000");
  }

  @Test
  void everythingInItIsKilledAtOnce() throws Exception {
    var process = engine.sh(spec().name("bomb").pids(60), FORKS);
    assertThat(line(process)).isEqualTo("go");
    engine.system().container("bomb").kill();
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void alsoWithoutAPidNamespaceOfItsOwn() throws Exception {
    var process =
        engine.sh(
            spec()
                .name("bomb")
                .pids(60)
                .init(false)
                .namespace(NamespaceKind.PID, NamespaceRequest.SHARED),
            FORKS);
    assertThat(line(process)).isEqualTo("go");
    process.destroyForcibly();
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void alsoByTheFreezerOfV1() throws Exception {
    var kernel = WithoutCgroup2.of(engine.kernel());
    try (var system = ContainerSystem.open(kernel, engine.state())) {
      var process =
          system.start(spec().name("bomb").pids(60).build(), List.of("/bin/sh", "-c", FORKS));
      assertThat(line(process)).isEqualTo("go");
      process.container().kill();
      assertThat(process.waitFor()).isEqualTo(128 + 9);
    }
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void whatIsFrozenCanBeKilled() throws Exception {
    var process = sleeper("cold");
    var container = process.container();
    container.freeze();
    assertThat(container.state()).isEqualTo(ContainerState.FROZEN);
    container.kill();
    assertThat(process.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void freezeAndThaw() throws Exception {
    var process = engine.sh(spec().name("fridge"), "while read line; do echo $line; done");
    var container = process.container();
    container.freeze();
    container.freeze();
    process.getOutputStream().write('a');
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    assertThat(process.getInputStream().available()).isZero();
    assertThat(container.get("freezer.state")).isEqualTo("FROZEN");
    assertThatThrownBy(() -> container.exec("/bin/true"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot start a command in fridge: it is frozen; bailey thaw fridge lets it go on");
    container.thaw();
    assertThat(line(process)).isEqualTo("a");
    assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
    process.destroyForcibly();
    process.waitFor();
  }

  @Test
  void freezeAndThawOnV1() throws Exception {
    var kernel = WithoutCgroup2.of(engine.kernel());
    try (var system = ContainerSystem.open(kernel, engine.state())) {
      var process = system.start(spec().name("fridge").build(), List.of("/bin/cat"));
      process.container().freeze();
      assertThat(process.container().state()).isEqualTo(ContainerState.FROZEN);
      process.container().thaw();
      assertThat(process.container().state()).isEqualTo(ContainerState.RUNNING);
      process.container().freeze();
      process.container().kill();
      assertThat(process.waitFor()).isEqualTo(128 + 9);
    }
  }

  @Test
  void aSignalReachesTheCommand() throws Exception {
    var process =
        engine.sh(
            spec().name("trap"), "trap 'echo caught; exit 5' USR1; echo on; sleep 1000 & wait");
    assertThat(line(process)).isEqualTo("on");
    process.container().signal(10);
    assertThat(line(process)).isEqualTo("caught");
    assertThat(process.waitFor()).isEqualTo(5);
    assertThatThrownBy(() -> process.container().kill()).hasMessageStartingWith("trap: no such");
  }

  @Test
  void awaitingTheEndFromElsewhere() throws Exception {
    var process = engine.sh(spec().name("job"), "read x; exit 6");
    try (var kernel = new LinuxKernel();
        var system = ContainerSystem.open(kernel, engine.state())) {
      var container = system.container("job");
      assertThat(container.await(Duration.ofMillis(1))).isEmpty();
      var waiting = CompletableFuture.supplyAsync(() -> await(container));
      process.getOutputStream().close();
      assertThat(waiting.join().exitCode()).hasValue(6);
      assertThat(container.await().exitCode()).hasValue(6); // also when it is gone
    }
  }

  private static ExitReport await(Container container) {
    try {
      return container.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void removingWithForceEndsIt() throws Exception {
    var process = sleeper("strong");
    assertThatThrownBy(() -> process.container().remove(false))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot remove strong: it runs; bailey kill strong ends it");
    process.container().remove(true);
    assertThat(process.container().state()).isEqualTo(ContainerState.GONE);
    assertThat(process.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aLostExecutorIsTold() throws Exception {
    var process = sleeper("orphan");
    var executor = engine.kernel().processes().find(engine.executorPid()).orElseThrow();
    Engine.kill(executor);
    process.onExit().join();
    assertThat(process.exitValue()).isEqualTo(125);
    assertThatThrownBy(() -> process.exitReport().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StateDamaged.class);
    assertThat(process.container().state()).isEqualTo(ContainerState.GONE);
    assertThat(engine.groups()).isEmpty();
    assertThat(sleeper("orphan").isAlive()).isTrue();
  }

  @Test
  void closingTheSystemEndsWhatItStarted() throws Exception {
    var kernel = new LinuxKernel();
    var system = ContainerSystem.open(kernel, engine.state());
    var process = system.start(spec().name("short").build(), List.of("/bin/sleep", "1000"));
    kernel.close();
    system.close();
    process.onExit().join();
    assertThat(process.isAlive()).isFalse();
    assertThat(engine.system().containers()).isEmpty();
  }
}
