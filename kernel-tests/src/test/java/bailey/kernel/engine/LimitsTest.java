package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.ContainerProcess;
import bailey.ExitReport;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.spec.ContainerSpec;
import bailey.testkit.KernelAbility;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LimitsTest {
  /** Has more and more memory, page by page, without ever reading a file. */
  private static final String EATS = "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done";

  @RegisterExtension final Engine engine = new Engine();

  /** With so little memory, of which nothing goes to the machine's swap. */
  private static ContainerSpec.Builder small() {
    return spec().memory("32M").control("memory.swap.max", "0");
  }

  @Test
  void outOfMemoryIsReported() throws Exception {
    var process = engine.sh(small().name("eater"), EATS);
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    var report = process.exitReport().join();
    assertThat(report.outOfMemory()).isTrue();
    assertThat(report.limit()).contains(ExitReport.MEMORY);
    assertThat(report.victim()).contains("its command");
    assertThat(report.memoryLimitBytes()).hasValue(32 << 20);
    assertThat(report.peakMemoryBytes().orElseThrow()).isBetween(20L << 20, 32L << 20);
    assertThat(report.sentence())
        .startsWith(
            "eater was killed by signal 9 (KILL) because it needed more memory than it may have"
                + " (33554432 bytes) after ");
    assertThat(engine.system().report("eater")).isEqualTo(report);
  }

  @Test
  void aVictimOtherThanTheCommandIsTold() throws Exception {
    var process = engine.sh(small(), "(" + EATS + "); exit 3");
    assertThat(process.waitFor()).isEqualTo(3);
    var report = process.exitReport().join();
    assertThat(report.outOfMemory()).isTrue();
    assertThat(report.victim()).contains("a process of it");
    assertThat(report.sentence()).contains("exited with status 3, a task of it was killed");
  }

  @Test
  void tooManyTasksAreReported() throws Exception {
    var process =
        engine.sh(
            spec().pids(6), "i=0; while [ $i -lt 20 ]; do sleep 1000 & i=$((i+1)); done; exit 2");
    process.waitFor();
    var report = process.exitReport().join();
    assertThat(report.limit()).contains(ExitReport.PIDS);
    assertThat(report.refusedTasks().orElseThrow()).isPositive();
    assertThat(report.sentence()).contains(", it could not start a task ");
  }

  @Test
  void timeUpIsReported() throws Exception {
    var process = engine.start(spec().timeout(Duration.ofMillis(100)), "/bin/sleep", "1000");
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    var report = process.exitReport().join();
    assertThat(report.limit()).contains(ExitReport.TIMEOUT);
    assertThat(report.lasted()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    assertThat(report.sentence()).contains(" because its time was up after ");
  }

  @Test
  void severalTimesRunAtOnce() throws Exception {
    var late = engine.start(spec().timeout(Duration.ofMinutes(10)), "/bin/cat");
    var soon = engine.start(spec().timeout(Duration.ofMillis(200)), "/bin/cat");
    var sooner = engine.start(spec().timeout(Duration.ofMillis(100)), "/bin/cat");
    var never = engine.start(spec(), "/bin/cat");
    assertThat(sooner.waitFor()).isEqualTo(128 + 9);
    assertThat(soon.waitFor()).isEqualTo(128 + 9);
    for (var process : new ContainerProcess[] {late, never}) {
      assertThat(process.isAlive()).isTrue();
      process.getOutputStream().close();
      assertThat(process.waitFor()).isZero();
      assertThat(process.exitReport().join().limit()).isEmpty();
    }
  }

  @Test
  void anUndisturbedEndHasFiguresAndNoLimit() throws Exception {
    var process =
        engine.sh(
            spec().memory("64M").cpus("0.5").pids(10),
            "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
    assertThat(process.waitFor()).isZero();
    var report = process.exitReport().join();
    assertThat(report.limit()).isEmpty();
    assertThat(report.outOfMemory()).isFalse();
    assertThat(report.cpuMicros().orElseThrow()).isPositive();
    assertThat(report.throttledMicros()).isPresent();
    assertThat(report.peakMemoryBytes().orElseThrow()).isPositive();
    assertThat(report.sentence()).matches("[a-z0-9]+ exited with status 0 after .*");
  }

  @Test
  void processorsThatThereAreNotAreRefusedWithARemedy() {
    KernelAbility.require(
        engine.kernel().features().controllers().controllers().containsKey("cpuset"),
        "cpuset controller");
    assertThatThrownBy(
            () -> engine.start(spec().control("cpuset.cpus", "8000"), "/bin/true").waitFor())
        .hasMessageContaining("lscpu lists what it has");
  }

  @Test
  void controlsCanBeReadAndSetWhileItRuns() throws Exception {
    var process = engine.start(spec().name("tuned").memory("64M").pids(30), "/bin/cat");
    var container = process.container();
    assertThat(container.get("memory.max")).isEqualTo("67108864");
    container.set("memory.max", "32M");
    assertThat(container.get("memory.max")).isEqualTo("33554432");
    container.set("pids.max", "max");
    assertThat(container.get("pids.max")).isEqualTo("max");
    assertThat(container.get("pids.current")).isEqualTo("2");
    assertThat(container.usage().tasks()).hasValue(2);
    assertThat(container.usage().memoryBytes().orElseThrow()).isPositive();
    assertThat(container.usage().cpuMicros()).isPresent();
    assertThat(container.controls()).containsEntry("pids.max", "max").containsKey("uts.hostname");
    assertThatThrownBy(() -> container.set("memory.max", "lots"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("memory.max: ");
    assertThatThrownBy(() -> container.set("memory.mux", "1M"))
        .hasMessage("memory.mux: no such control; did you mean memory.max?");
    process.getOutputStream().close();
    process.waitFor();
  }

  @Test
  void aLimitBelowWhatIsUsedIsRefused() throws Exception {
    var process =
        engine.sh(
            spec().name("full").memory("64M").control("memory.swap.max", "0"),
            "x=aaaaaaaaaaaaaaaa; while [ ${#x} -lt 16000000 ]; do x=$x$x; done; echo full; read y");
    assertThat(line(process)).isEqualTo("full");
    var container = process.container();
    assertThatThrownBy(() -> container.set("memory.max", "4M"))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("memory.max: 4M cannot be set: ");
    assertThat(container.get("memory.max")).isEqualTo("67108864");
    process.getOutputStream().close();
    assertThat(process.waitFor()).isNotEqualTo(128 + 9);
  }

  @Test
  void namespacesHaveControlsToo() throws Exception {
    var process = engine.sh(spec().name("host-1"), "read x; hostname");
    var container = process.container();
    assertThat(container.get("uts.hostname")).isEqualTo("host-1");
    container.set("uts.hostname", "renamed");
    assertThat(container.get("uts.hostname")).isEqualTo("renamed");
    container.set("ipc.shmmni", "77");
    assertThat(container.get("ipc.shmmni")).isEqualTo("77");
    container.set("pid.last", "300");
    process.getOutputStream().close();
    assertThat(output(process)).isEqualTo("renamed\n");
    process.waitFor();
    var shared = engine.start(spec().name("shared"), "/bin/cat");
    assertThatThrownBy(() -> shared.container().get("user.max_net_namespaces"))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessageContaining("shared has no user namespace of its own");
    shared.getOutputStream().close();
    shared.waitFor();
  }

  @Test
  void aCreatedContainerIsLimitedBeforeItStarts() throws Exception {
    try (var container =
        engine.system().create(spec().name("later").memory("64M").removed(false).build())) {
      assertThat(container.state().toString()).isEqualTo("created");
      assertThat(container.command()).isEmpty();
      container.set("memory.max", "48M");
      assertThatThrownBy(() -> container.get("uts.hostname"))
          .isInstanceOf(ContainerBusy.class)
          .hasMessageContaining("nothing runs in it");
      assertThatThrownBy(() -> container.start("no-such-program"))
          .hasMessageContaining("executing no-such-program");
      assertThat(container.state().toString()).isEqualTo("created");
      var process = container.start("/bin/sh", "-c", "exit 3");
      assertThat(process.waitFor()).isEqualTo(3);
      assertThat(process.exitReport().join().memoryLimitBytes()).hasValue(48 << 20);
      assertThat(container.state().toString()).isEqualTo("ended");
      assertThat(container.command()).containsExactly("/bin/sh", "-c", "exit 3");
      assertThat(container.usage().peakMemoryBytes()).isPresent();
      assertThatThrownBy(() -> container.start("/bin/true"))
          .isInstanceOf(ContainerBusy.class)
          .hasMessageStartingWith("cannot start later: it has ended; ");
    }
    assertThat(engine.system().containers()).isEmpty();
  }
}
