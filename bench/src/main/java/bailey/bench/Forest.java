package bailey.bench;

import bailey.core.container.Container;
import bailey.core.container.Hierarchies;
import bailey.core.container.ResourceCounter;
import bailey.core.container.StateKind;
import bailey.core.container.Subsystem;
import bailey.core.container.Task;
import bailey.core.container.View;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * A model with many containers, all in chains of one depth, each with limits of memory and tasks of
 * its own. Some tasks are in the lowest containers, one in each.
 */
final class Forest {
  private static final long LIMIT = 1L << 40;

  final Hierarchies machine;
  final int memory;
  final int pids;
  final List<Task> tasks = new ArrayList<>();

  /** Where each task is. */
  final List<Container> homes = new ArrayList<>();

  /** Where each task can go: an empty container beside its home. */
  final List<Container> others = new ArrayList<>();

  /**
   * Chains.
   *
   * @param depth of each
   * @param containers about how many in all
   * @param most the most tasks; they are spread over all chains
   */
  Forest(int depth, int containers, int most) {
    machine = machine();
    memory = machine.index("memory");
    pids = machine.index("pids");
    var init = Objects.requireNonNull(machine.start(1));
    for (int chain = 0; chain < Math.max(1, containers / depth); chain++) {
      var end = machine.defaultHierarchy().root();
      for (int i = 1; i < depth; i++) {
        end = create(end, "c" + chain);
      }
      homes.add(create(end, "c" + chain));
    }
    Collections.shuffle(homes, new Random(1));
    if (homes.size() > most) {
      homes.subList(most, homes.size()).clear();
    }
    for (var home : homes) {
      others.add(create(home.parent().orElseThrow(), home.name() + "o"));
      var task = Objects.requireNonNull(machine.fork(init, tasks.size() + 2));
      machine.attach(task, home);
      tasks.add(task);
    }
  }

  /** A model with all subsystems, of which two count. */
  static Hierarchies machine() {
    return new Hierarchies(Subsystems.standard().all().stream().map(Forest::kind).toList());
  }

  private static StateKind kind(Subsystem subsystem) {
    return switch (subsystem.name()) {
      case "memory" -> StateKind.counting(subsystem);
      case "pids" -> StateKind.ofTasks(subsystem);
      default -> StateKind.plain(subsystem);
    };
  }

  private Container create(Container parent, String name) {
    var container = parent.create(name);
    limit(container, memory);
    limit(container, pids);
    return container;
  }

  static void limit(Container container, int subsystem) {
    ((ResourceCounter) container.state(subsystem)).impose(View.EXTERNAL, LIMIT);
  }
}
