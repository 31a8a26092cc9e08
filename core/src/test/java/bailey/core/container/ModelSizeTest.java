package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much memory the model takes, by what the heap has more of after it was made. */
class ModelSizeTest {
  private static final int CONTAINERS = 100_000;
  private static final List<String> COUNTED = List.of("memory", "pids");

  private final List<Object> kept = new ArrayList<>();

  @AfterEach
  void forget() {
    kept.clear();
  }

  private static long used() {
    System.gc(); // the build's collector stops and frees all
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static Hierarchies machine() {
    return new Hierarchies(
        Subsystems.standard().all().stream()
            .map(
                subsystem ->
                    switch (subsystem.name()) {
                      case "memory" -> StateKind.counting(subsystem);
                      case "pids" -> StateKind.ofTasks(subsystem);
                      default -> StateKind.plain(subsystem);
                    })
            .toList());
  }

  /** Each with limits, a set, and its part of the tables; the task that it has is not counted. */
  @Test
  void aContainerTakesLessThan400Bytes() {
    assertThat(bytesOfAContainer(1)).isBetween(100L, 400L);
    assertThat(bytesOfAContainer(100)).isBetween(100L, 400L);
  }

  private long bytesOfAContainer(int depth) {
    var machine = machine();
    var init = Objects.requireNonNull(machine.start(1));
    var tasks = new Task[CONTAINERS];
    for (int i = 0; i < CONTAINERS; i++) {
      tasks[i] = Objects.requireNonNull(machine.fork(init, i + 2));
    }
    kept.addAll(List.of(machine, tasks));
    long before = used();
    var parent = machine.defaultHierarchy().root();
    for (int i = 0; i < CONTAINERS; i++) {
      var container =
          (i % depth == 0 ? machine.defaultHierarchy().root() : parent).create("job" + i);
      for (var name : COUNTED) {
        var counter = (ResourceCounter) container.state(machine.index(name));
        assertThat(counter.limit(View.EXTERNAL, 1L << 40)).isTrue();
      }
      machine.attach(tasks[i], container);
      parent = container;
    }
    return (used() - before) / CONTAINERS;
  }

  @Test
  void aTaskTakesLessThan100Bytes() {
    var machine = machine();
    var init = Objects.requireNonNull(machine.start(1));
    machine.attach(init, machine.defaultHierarchy().root().create("job"));
    kept.add(machine);
    long before = used();
    for (int i = 0; i < CONTAINERS; i++) {
      assertThat(machine.fork(init, i + 2)).isNotNull(); // the model itself keeps it
    }
    assertThat((used() - before) / CONTAINERS).isBetween(16L, 100L);
  }
}
