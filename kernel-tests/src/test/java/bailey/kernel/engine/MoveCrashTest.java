package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.spec;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.Container;
import bailey.core.abi.Errno;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.Pipe.Direction;
import bailey.core.plan.Plan;
import bailey.core.plan.Step;
import bailey.testkit.FaultPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A move of processes is struck after each of its steps: whoever executes it is killed, or the next
 * step fails. Either all of them are where they were then, or all where they were to go, in every
 * hierarchy, and they run.
 */
class MoveCrashTest {
  private static final int EVERY = Integer.getInteger("bailey.fault.every", 1);

  @RegisterExtension final Engine engine = new Engine();

  private final List<Process> processes = new ArrayList<>();
  private Container one;
  private Container two;

  @BeforeEach
  void start() throws Exception {
    one = engine.system().create(spec().name("one").memory("64M").pids(30).build());
    two = engine.system().create(spec().name("two").memory("64M").pids(30).cpus("0.9").build());
    for (int i = 0; i < 3; i++) {
      var process =
          new ProcessBuilder("/bin/sh", "-c", "while read line; do echo \"$line\"; done")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      processes.add(process);
      runs(process);
    }
    // two come from a container, one from elsewhere: there are two ways
    one.attach(pid(0), pid(1));
  }

  @AfterEach
  void end() throws Exception {
    for (var process : processes) {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private long pid(int number) {
    return processes.get(number).pid();
  }

  /** It answers: it is not frozen. */
  private static void runs(Process process) throws IOException {
    process.getOutputStream().write("x\n".getBytes(US_ASCII));
    process.getOutputStream().flush();
    assertThat(process.getInputStream().read()).isEqualTo('x');
    assertThat(process.getInputStream().read()).isEqualTo('\n');
  }

  private List<Map<String, String>> places() {
    return processes.stream()
        .map(p -> engine.kernel().processes().membership(p.pid()).orElseThrow().groups())
        .toList();
  }

  private Plan move() {
    return PlanCapture.plan(
        engine.kernel(),
        engine.state(),
        system -> system.container("two").attach(pid(0), pid(1), pid(2)));
  }

  private interface Strike {
    /** Whether the place was reached. */
    boolean at(Plan plan, int place) throws Exception;
  }

  private void everywhere(Strike strike) throws Exception {
    var before = places();
    two.attach(pid(0), pid(1), pid(2));
    var after = places();
    assertThat(new HashSet<>(after))
        .hasSizeLessThanOrEqualTo(2)
        .doesNotContainAnyElementsOf(before);
    int tried = 0;
    int back = 0;
    int places = 1;
    for (int place = 0; place < places; place += EVERY) {
      putBack(before);
      var plan = move();
      var steps = plan.flattened();
      places = steps.size() + 1;
      if (place > 0 && !FaultPoint.isPlace(steps.get(place - 1))) {
        continue;
      }
      String at = place == 0 ? "at the beginning" : "after " + place + ", " + what(steps, place);
      if (strike.at(plan, place)) {
        tried++;
      }
      var now = places();
      assertThat(now).as(at).isIn(before, after);
      back += now.equals(before) ? 1 : 0;
      for (var process : processes) {
        runs(process);
      }
      assertThat(holds()).as(at).isEmpty();
      assertThat(Files.size(Path.of(engine.state(), "move"))).as(at).isZero();
    }
    assertThat(tried).as("places of %s", places).isGreaterThan(places / 3 / EVERY);
    assertThat(back).as("ways back").isGreaterThan(places / 4 / EVERY);
  }

  private static String what(List<Step> steps, int place) {
    return steps.get(place - 1).note().what();
  }

  private void putBack(List<Map<String, String>> before) throws IOException {
    if (!places().equals(before)) {
      one.attach(pid(0), pid(1));
      var cgroups = engine.kernel().features().cgroups();
      for (var controller : before.get(2).keySet()) {
        var point = cgroups.mounts().getOrDefault(controller, cgroups.unified().orElse(""));
        var procs = Path.of(point, before.get(2).get(controller), "cgroup.procs");
        Files.writeString(procs, Long.toString(pid(2)));
      }
    }
    assertThat(places()).isEqualTo(before);
  }

  /** The groups that hold what is moved. */
  private List<String> holds() {
    var cgroups = engine.kernel().features().cgroups();
    var names = new ArrayList<String>();
    var points = new ArrayList<>(cgroups.mounts().values());
    cgroups.unified().ifPresent(points::add);
    for (var point : points) {
      var groups = Path.of(point, engine.base()).toFile().list();
      for (var group : groups == null ? new String[0] : groups) {
        if (group.startsWith("move-")) {
          names.add(group);
        }
      }
    }
    return names;
  }

  @Test
  void whateverStepFails() throws Exception {
    everywhere(
        (plan, place) -> {
          if (place == 0) {
            return false;
          }
          var failing = FaultPoint.failing(plan, place, Errno.EIO);
          try (var go = engine.kernel().pipe(Direction.TO_PROGRAM)) {
            go.write(new byte[] {'g'}, 0, 1);
            var execution = engine.kernel().executor().execute(failing, List.of(go.far()));
            go.releaseFar();
            var failure = execution.end().join().failure();
            return failure != null && failure.errno() == Errno.EIO.number();
          }
        });
  }

  @Test
  void whereverTheExecutorIsKilled() throws Exception {
    everywhere(this::killedAt);
  }

  private boolean killedAt(Plan plan, int place) throws Exception {
    var kernel = engine.kernel();
    try (var go = kernel.pipe(Direction.TO_PROGRAM);
        var told = kernel.pipe(Direction.FROM_PROGRAM);
        var hold = kernel.pipe(Direction.TO_PROGRAM)) {
      go.write(new byte[] {'g'}, 0, 1);
      var execution =
          kernel
              .executor()
              .execute(FaultPoint.cut(plan, place), List.of(go.far(), told.far(), hold.far()));
      List.of(go, told, hold).forEach(Pipe::releaseFar);
      var executor = kernel.processes().find(engine.executorPid()).orElseThrow();
      var reached = CompletableFuture.supplyAsync(() -> tells(told), Engine.THREADS);
      var finished = execution.end().handle((_, _) -> false);
      boolean here = (boolean) CompletableFuture.anyOf(reached, finished).join();
      Engine.kill(executor);
      kernel.processes().awaitEnd(executor.pid(), executor.startTicks());
      assertThat(engine.system().gc().kept()).isEmpty();
      return here;
    }
  }

  private static boolean tells(Pipe told) {
    try {
      return told.read(new byte[1], 0, 1) == 1;
    } catch (Pipe.Broken e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
