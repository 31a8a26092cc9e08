package bailey.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.container.Container;
import bailey.core.container.Hierarchies;
import bailey.core.container.OnEmpty;
import bailey.core.container.ResourceCounter;
import bailey.core.container.StateKind;
import bailey.core.container.Task;
import bailey.core.container.TaskCounter;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import bailey.testkit.Gen;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/** Several threads at once: nothing is lost, no limit is exceeded, nobody is half moved. */
class ParallelTest {
  private static final int STEPS = 30_000;
  private static final long TASKS = 12;
  private static final long MEMORY = 1_000;
  private static final Set<OnEmpty> ANY = EnumSet.allOf(OnEmpty.class);

  private final Hierarchies machine =
      new Hierarchies(
          List.of(
              new StateKind(
                  "memory", ANY, false, (_, up) -> new ResourceCounter((ResourceCounter) up)),
              new StateKind("pids", ANY, true, (_, up) -> new TaskCounter((TaskCounter) up))));
  private final int memory = machine.index("memory");
  private final int pids = machine.index("pids");
  private final Container ci = machine.mount("tasks", List.of("pids")).root().create("ci");
  private final List<Container> places = List.of(ci.create("a"), ci.create("b"), ci.create("c"));
  private final Container left = machine.defaultHierarchy().root().create("left");
  private final Container right = machine.defaultHierarchy().root().create("right");
  private final AtomicInteger numbers = new AtomicInteger();

  /** Some tasks that fork and end now, for others to move. */
  private final AtomicReferenceArray<Task> shown = new AtomicReferenceArray<>(4);

  private final AtomicBoolean over = new AtomicBoolean();

  private ResourceCounter of(Container container, int subsystem) {
    return (ResourceCounter) container.state(subsystem);
  }

  @Test
  void nothingIsLost() throws Exception {
    of(ci, pids).limit(View.EXTERNAL, TASKS);
    of(left, memory).limit(View.EXTERNAL, MEMORY);
    var work = new ArrayList<Callable<Void>>();
    for (int i = 0; i < 3; i++) {
      long seed = 100L + i;
      var init = Objects.requireNonNull(machine.start(numbers.incrementAndGet()));
      machine.attach(List.of(init), places.get(i), left);
      work.add(() -> live(init, new Gen(seed)));
    }
    try (var threads = Executors.newFixedThreadPool(work.size() + 2)) {
      var observer = threads.submit(this::watch);
      var mover = threads.submit(() -> move(new Gen(99)));
      var ends = new ArrayList<Future<Void>>();
      work.forEach(one -> ends.add(threads.submit(one)));
      try {
        for (var end : ends) {
          end.get();
        }
      } finally {
        over.set(true);
      }
      assertThat(observer.get()).as("looks at the limits").isPositive();
      assertThat(mover.get()).as("moves").isPositive();
    }
    for (var container : List.of(ci, left, right, machine.defaultHierarchy().root())) {
      assertThat(container.isPopulated()).as("%s", container).isFalse();
    }
    places.forEach(place -> assertThat(of(place, pids).used()).as("%s", place).isZero());
    assertThat(of(ci, pids).used()).isZero();
    assertThat(of(machine.defaultHierarchy().root(), memory).used()).isZero();
  }

  private int watch() {
    int looks = 0;
    do {
      assertThat(of(ci, pids).used()).isBetween(0L, TASKS);
      assertThat(of(left, memory).used()).isBetween(0L, MEMORY);
      looks++;
    } while (!over.get());
    return looks;
  }

  /** Forks, moves all there are, charges, ends; and ends with all that it has begun. */
  private Void live(Task init, Gen gen) {
    var tasks = new ArrayDeque<Task>(List.of(init));
    for (int i = 0; i < STEPS; i++) {
      var first = tasks.removeFirst();
      tasks.addLast(first);
      switch ((int) gen.number(0, 4)) {
        case 0 -> {
          var child = machine.fork(first, numbers.incrementAndGet());
          if (child != null) {
            shown.set(i % shown.length(), child);
            // in a set that is there, not in one that its parent was the last to leave
            assertThat(child.container(ci.hierarchy()).parent()).contains(ci);
            tasks.addLast(child);
          }
        }
        case 1 -> {
          if (tasks.size() > 1) {
            machine.exit(tasks.removeFirst());
          }
        }
        case 2 -> machine.attach(tasks, gen.oneOf(places), gen.oneOf(List.of(left, right)));
        default -> {
          long amount = gen.number(0, 600);
          var charged = first.charge(memory, amount);
          machine.attach(first, gen.oneOf(List.of(left, right)));
          if (charged != null) {
            charged.uncharge(amount);
          }
        }
      }
    }
    tasks.forEach(machine::exit);
    return null;
  }

  /** Moves tasks of the others, at any moment of their lives. */
  private int move(Gen gen) {
    int moved = 0;
    do {
      var task = shown.get((int) gen.number(0, shown.length() - 1));
      if (task != null) {
        try {
          machine.attach(List.of(task), gen.oneOf(places), gen.oneOf(List.of(left, right)));
          moved++;
        } catch (BadRequest _) {
          assertThat(task.ended()).isTrue();
        }
      }
    } while (!over.get());
    return moved;
  }
}
