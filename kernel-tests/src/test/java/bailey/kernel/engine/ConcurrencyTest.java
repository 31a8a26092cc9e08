package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.spec;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.Container;
import bailey.ContainerSystem;
import bailey.core.error.ContainerBusy;
import bailey.core.state.ContainerState;
import bailey.linux.LinuxKernel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several threads and several processes work on the same state directory. */
class ConcurrencyTest {
  private static final int ROUNDS = 25;

  @RegisterExtension final Engine engine = new Engine();

  /** A process that starts containers, some of names that others want too, and collects garbage. */
  static final class Worker {
    public static void main(String[] arguments) throws Exception {
      int started = 0;
      try (var kernel = new LinuxKernel();
          var system = ContainerSystem.open(kernel, arguments[0])) {
        for (int i = 0; i < ROUNDS; i++) {
          try {
            var process =
                system.start(
                    spec().name("shared-" + i % 3).memory("64M").build(),
                    List.of("/bin/sh", "-c", "exit 3"));
            if (process.waitFor() != 3) {
              throw new AssertionError(process + ": " + process.exitReport());
            }
            started++;
          } catch (ContainerBusy busy) {
            // another has the name
          }
          var process = system.start(spec().build(), List.of("/bin/sh", "-c", "exit 4"));
          if (process.waitFor() != 4) {
            throw new AssertionError(process + ": " + process.exitReport());
          }
          var result = system.gc();
          if (!result.removed().isEmpty() || !result.kept().isEmpty()) {
            throw new AssertionError(result);
          }
        }
      }
      System.out.println("started " + started);
    }
  }

  private Process worker() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Worker.class.getName(),
            engine.state())
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void severalProcesses() throws Exception {
    var bystander = engine.start(spec().name("bystander"), "/bin/cat");
    var workers = List.of(worker(), worker(), worker());
    int started = 0;
    for (var worker : workers) {
      try (var out = new BufferedReader(new InputStreamReader(worker.getInputStream(), UTF_8))) {
        var lines = out.readAllLines();
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).startsWith("started ");
        started += Integer.parseInt(lines.getFirst().substring("started ".length()));
      }
      assertThat(worker.waitFor()).isZero();
    }
    assertThat(started).isPositive();
    assertThat(bystander.container().state()).isEqualTo(ContainerState.RUNNING);
    assertThat(engine.groups()).containsExactly("c-bystander");
    bystander.getOutputStream().close();
    assertThat(bystander.waitFor()).isZero();
  }

  @Test
  void aKilledProcessLeavesNothing() throws Exception {
    var worker = worker();
    // once it has a container, wherever it is in its work
    while (engine.system().containers().isEmpty() && worker.isAlive()) {
      Thread.onSpinWait();
    }
    var executor =
        worker
            .children()
            .map(child -> engine.kernel().processes().find(child.pid()).orElseThrow())
            .toList();
    worker.destroyForcibly();
    worker.waitFor();
    for (var process : executor) {
      engine.kernel().processes().awaitEnd(process.pid(), process.startTicks());
    }
    worker.getInputStream().close();
    assertThat(engine.system().gc().kept()).isEmpty();
    assertThat(engine.system().containers()).isEmpty();
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void ofThreadsThatWantANameOneGetsIt() throws Exception {
    var processes = new ArrayList<Future<Boolean>>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      Callable<Boolean> attempt =
          () -> {
            try {
              engine.start(spec().name("wanted"), "/bin/sleep", "1000");
              return true;
            } catch (ContainerBusy busy) {
              return false;
            }
          };
      for (int i = 0; i < 8; i++) {
        processes.add(threads.submit(attempt));
      }
      int winners = 0;
      for (var process : processes) {
        winners += process.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    }
    engine.system().container("wanted").remove(true);
  }

  @Test
  void collectingWhileContainersComeAndGo() throws Exception {
    var stop = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(2)) {
      var collector =
          threads.submit(
              () -> {
                int removed = 0;
                while (!stop.get()) {
                  removed += engine.system().gc().removed().size();
                }
                return removed;
              });
      try {
        for (int i = 0; i < ROUNDS; i++) {
          var process = engine.sh(spec().memory("64M"), "echo here; exit 5");
          assertThat(line(process)).isEqualTo("here");
          assertThat(process.waitFor()).isEqualTo(5);
          try (var created = engine.system().create(spec().build())) {
            assertThat(created.state()).isEqualTo(ContainerState.CREATED);
          }
        }
      } finally {
        stop.set(true);
      }
      assertThat(collector.get()).isZero();
    }
    assertThat(engine.system().containers().stream().map(Container::name)).isEmpty();
  }
}
