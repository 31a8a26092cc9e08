package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.spec;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.ContainerSystem;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.Pipe.Direction;
import bailey.core.kernel.TaskInfo;
import bailey.core.plan.Plan;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.UserMapping;
import bailey.core.state.ContainerState;
import bailey.linux.LinuxKernel;
import bailey.testkit.FaultPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever executes a plan is killed after each of its steps, those of the processes that it starts
 * too. What is left must be removed by gc, and a container beside it must not notice.
 */
class CrashTest {
  /**
   * Every which step is tried; where each takes seconds, as in an emulated machine, not all are.
   */
  private static final int EVERY = Integer.getInteger("bailey.fault.every", 1);

  /** Plans that have most of their steps in common with the launch plan are tried at fewer. */
  private static final int FEWER = 5 * EVERY;

  /** What is sent with a plan besides these is an empty mount namespace. */
  private static final int STREAMS = 3;

  private static final List<String> COMMAND = List.of("/bin/sh", "-c", "read x");

  @RegisterExtension final Engine engine = new Engine();

  /** One that runs beside, on an executor of its own. */
  private record Neighbour(LinuxKernel kernel, ContainerSystem system, ContainerProcess process)
      implements AutoCloseable {
    static Neighbour of(Engine engine) throws Exception {
      var kernel = new LinuxKernel();
      var system = ContainerSystem.open(kernel, engine.state());
      var process =
          system.start(
              spec().name("neighbour").memory("64M").build(),
              List.of("/bin/sh", "-c", "while read line; do echo \"$line\"; done"));
      var neighbour = new Neighbour(kernel, system, process);
      neighbour.check("at first");
      return neighbour;
    }

    void check(String when) throws Exception {
      process.getOutputStream().write((when + "\n").getBytes(US_ASCII));
      process.getOutputStream().flush();
      assertThat(line(process)).isEqualTo(when);
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
      system.close();
      kernel.close();
    }
  }

  @Test
  void launch() throws Exception {
    everywhere(EVERY, () -> started(spec().name("victim").memory("64M").pids(30)));
  }

  @Test
  void launchWithItsOwnUsers() throws Exception {
    everywhere(FEWER, () -> started(spec().name("victim").userMapping(UserMapping.AUTO)));
  }

  @Test
  void launchInSharedProcessIds() throws Exception {
    everywhere(
        FEWER,
        () ->
            started(
                spec()
                    .name("victim")
                    .init(false)
                    .namespace(NamespaceKind.PID, NamespaceRequest.SHARED)));
  }

  @Test
  void launchDetached() throws Exception {
    everywhere(FEWER, () -> launched(spec().name("victim").memory("64M").detached(true)));
  }

  @Test
  void create() throws Exception {
    var spec = spec().name("victim").memory("64M").pids(30);
    everywhere(EVERY, () -> captured(system -> system.create(spec.build())));
  }

  @Test
  void createWithNamespaces() throws Exception {
    var spec =
        spec()
            .name("victim")
            .memory("64M")
            .namespace(NamespaceKind.NET, NamespaceRequest.NEW)
            .namespace(NamespaceKind.MNT, NamespaceRequest.NEW)
            .namespace(NamespaceKind.CGROUP, NamespaceRequest.NEW);
    everywhere(FEWER, () -> captured(system -> system.create(spec.build())));
  }

  @Test
  void startOfWhatWasCreated() throws Exception {
    var spec = spec().name("victim").memory("64M");
    everywhere(
        FEWER,
        () -> {
          engine.system().create(spec.build());
          return captured(system -> system.container("victim").start(COMMAND));
        });
  }

  @Test
  void removal() throws Exception {
    var spec = spec().name("victim").memory("64M");
    everywhere(
        EVERY,
        () -> {
          engine.system().create(spec.build());
          return captured(system -> system.container("victim").remove(true));
        });
  }

  private Plan started(ContainerSpec.Builder spec) {
    return captured(system -> system.start(spec.build(), COMMAND));
  }

  private Plan launched(ContainerSpec.Builder spec) {
    return captured(system -> system.launch(spec.build(), COMMAND, false));
  }

  private Plan captured(Consumer<ContainerSystem> use) {
    return PlanCapture.plan(engine.kernel(), engine.state(), use);
  }

  private void everywhere(int every, Supplier<Plan> plans) throws Exception {
    try (var neighbour = Neighbour.of(engine)) {
      int tried = 0;
      int places = 1;
      for (int place = 0; place < places; place += every) {
        var plan = plans.get();
        var steps = plan.flattened();
        places = steps.size() + 1;
        String at = "killed at the beginning";
        boolean possible = true;
        if (place > 0) {
          possible = FaultPoint.isPlace(steps.get(place - 1));
          at = "killed after step " + place + ", " + steps.get(place - 1).note().what();
        }
        if (possible && killAt(plan, place)) {
          tried++;
        }
        recover(at);
        neighbour.check("after " + place);
      }
      assertThat(tried).as("places of %s", places).isGreaterThan(places / 2 / every);
    }
  }

  /** Whether the place was reached: the steps for failures are not. */
  private boolean killAt(Plan plan, int place) throws Exception {
    var kernel = engine.kernel();
    var pipes = new ArrayList<Pipe>();
    var sent = new ArrayList<Integer>();
    for (int i = 0; i < plan.descriptors().size(); i++) {
      if (i == STREAMS) {
        sent.add(kernel.emptyMounts().orElseThrow());
      } else {
        pipes.add(kernel.pipe(i == 0 ? Direction.TO_PROGRAM : Direction.FROM_PROGRAM));
        sent.add(pipes.getLast().far());
      }
    }
    var told = kernel.pipe(Direction.FROM_PROGRAM);
    var hold = kernel.pipe(Direction.TO_PROGRAM);
    for (var pipe : List.of(told, hold)) {
      pipes.add(pipe);
      sent.add(pipe.far());
    }
    try {
      var execution = kernel.executor().execute(FaultPoint.cut(plan, place), sent);
      pipes.forEach(Pipe::releaseFar);
      var executor = task(engine.executorPid()).orElseThrow();
      if (!plan.descriptors().isEmpty()) {
        pipes.getFirst().close(); // the command reads its end
      }
      var reached = CompletableFuture.supplyAsync(() -> tells(told), Engine.THREADS);
      var finished =
          execution
              .end()
              .handle((_, _) -> false)
              .thenApplyAsync(no -> await(descendants(executor)) && no, Engine.THREADS);
      boolean here = (boolean) CompletableFuture.anyOf(reached, finished).join();
      var victims = descendants(executor);
      // a supervisor, where there is one, is the executor of the plan from its start on
      if (plan.descriptors().isEmpty() && !victims.isEmpty()) {
        victims.stream().filter(v -> v.parent() == executor.pid()).forEach(Engine::kill);
      } else {
        Engine.kill(executor);
      }
      hold.close();
      Engine.kill(executor);
      await(victims);
      await(List.of(executor));
      return here;
    } finally {
      pipes.forEach(Pipe::close);
    }
  }

  private static boolean tells(Pipe told) {
    try {
      return told.read(new byte[1], 0, 1) == 1;
    } catch (Pipe.Broken e) {
      return false;
    }
  }

  private Optional<TaskInfo> task(long pid) {
    return engine.kernel().processes().find(pid);
  }

  private List<TaskInfo> descendants(TaskInfo of) {
    return ProcessHandle.of(of.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .map(process -> task(process.pid()))
        .flatMap(Optional::stream)
        .toList();
  }

  private boolean await(List<TaskInfo> tasks) {
    try {
      for (var task : tasks) {
        engine.kernel().processes().awaitEnd(task.pid(), task.startTicks());
      }
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void recover(String at) {
    for (var victim : engine.system().containers()) {
      if (victim.name().equals("victim")) {
        assertThat(victim.state())
            .as(at)
            .isIn(ContainerState.ABANDONED, ContainerState.ENDED, ContainerState.CREATED);
        if (victim.state() == ContainerState.CREATED) {
          victim.remove(false); // it was complete, and this process still owns it
        }
      }
    }
    assertThat(engine.system().gc().kept()).as(at).isEmpty();
    assertThat(engine.system().containers().stream().map(Container::name))
        .as(at)
        .containsExactly("neighbour");
    assertThat(engine.groups()).as(at).containsExactly("c-neighbour");
  }
}
