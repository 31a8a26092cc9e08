package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.spec;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.ContainerSystem;
import bailey.core.plan.Plan;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.UserMapping;
import bailey.core.state.ContainerState;
import bailey.linux.LinuxKernel;
import java.util.List;
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

  /** Many steps are for what is seldom there: one in so many is reached. */
  private static final int PART = 3;

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

  @Test
  void removalOfWhatIsEmpty() throws Exception {
    var spec = spec().name("victim").memory("64M");
    everywhere(
        EVERY,
        () -> {
          engine.system().create(spec.build());
          return captured(system -> system.container("victim").remove(false));
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
      new Crash(engine.kernel(), false)
          .everywhere(
              every,
              PART,
              plans,
              at -> {
                recover(at);
                neighbour.check(at);
              });
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
