package bailey.testkit.model;

import bailey.core.container.Container;
import bailey.core.container.Hierarchies;
import bailey.core.container.OnEmpty;
import bailey.core.container.ResourceCounter;
import bailey.core.container.StateKind;
import bailey.core.container.Task;
import bailey.core.container.TaskCounter;
import bailey.core.container.View;
import bailey.core.error.BadRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The orders of the steps of two threads that Lincheck has time to try. */
class InterleavingTest {
  /** Enough to find a charge that reads and writes in two steps, in some seconds. */
  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(50)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1);
  }

  /** Two who charge, limit and look see what they would see one after the other. */
  @Test
  void oneCounterIsLinearizable() {
    options().check(One.class);
  }

  /** What is granted is what is in use, on each level, and never above its limit. */
  @Test
  void severalCountersLoseNothing() {
    options().check(Several.class);
  }

  /** A child is where its parent was or where it is, and counted there. */
  @Test
  void aTaskForksWhileItIsMoved() {
    options().iterations(5).check(Forks.class);
  }

  /** Who has ended is nowhere. */
  @Test
  void aTaskEndsWhileItIsMoved() {
    options().iterations(5).check(Ends.class);
  }

  /** Lincheck's: the operations on one counter. */
  public static class One {
    private final ResourceCounter counter = new ResourceCounter(null);

    /** For Lincheck. */
    public One() {
      counter.limit(View.EXTERNAL, 5);
    }

    /** A charge. */
    @Operation
    public boolean charge(@Param(gen = IntGen.class, conf = "1:4") int amount) {
      return counter.charge(amount) == null;
    }

    /** A limit of the parent's. */
    @Operation
    public boolean external(@Param(gen = IntGen.class, conf = "1:6") int value) {
      return counter.limit(View.EXTERNAL, value);
    }

    /** A limit from inside. */
    @Operation
    public boolean internal(@Param(gen = IntGen.class, conf = "1:6") int value) {
      return counter.limit(View.INTERNAL, value);
    }

    /** A look. */
    @Operation
    public long used() {
      return counter.used();
    }
  }

  /**
   * Lincheck's: two leaves with limits of their own below a limit that is too low for both. Whether
   * a charge is refused is not compared: one that is refused above may be in the way of another.
   */
  public static class Several {
    private final ResourceCounter top = new ResourceCounter(null);
    private final ResourceCounter a = new ResourceCounter(top);
    private final ResourceCounter b = new ResourceCounter(top);
    private final AtomicLong heldOfA = new AtomicLong();
    private final AtomicLong heldOfB = new AtomicLong();

    /** For Lincheck. */
    public Several() {
      top.limit(View.EXTERNAL, 5);
      a.limit(View.EXTERNAL, 4);
      b.limit(View.INTERNAL, 4);
    }

    /** A charge to one leaf. */
    @Operation
    public void chargeA(@Param(gen = IntGen.class, conf = "1:4") int amount) {
      charge(a, heldOfA, amount);
    }

    /** A charge to the other. */
    @Operation
    public void chargeB(@Param(gen = IntGen.class, conf = "1:4") int amount) {
      charge(b, heldOfB, amount);
    }

    private static void charge(ResourceCounter leaf, AtomicLong held, int amount) {
      if (leaf.charge(amount) == null) {
        held.addAndGet(amount);
      }
    }

    /** All that one leaf has. */
    @Operation
    public void unchargeA() {
      a.uncharge(heldOfA.getAndSet(0));
    }

    /** A change of the common limit. */
    @Operation
    public void limit(@Param(gen = IntGen.class, conf = "1:6") int value) {
      top.limit(View.EXTERNAL, value);
    }

    /** In the end of each run. */
    @Validate
    public void check() {
      long all = heldOfA.get() + heldOfB.get();
      if (a.used() != heldOfA.get() || b.used() != heldOfB.get() || top.used() != all) {
        throw new IllegalStateException("lost: " + a.used() + " " + b.used() + " " + top.used());
      }
      if (top.used() > top.limit() || a.used() > a.limit() || b.used() > b.limit()) {
        throw new IllegalStateException("above the limit");
      }
    }
  }

  /** Tasks of a machine whose places and counts are checked in the end of each run. */
  private static class Tasks {
    final Hierarchies machine =
        new Hierarchies(
            List.of(
                new StateKind(
                    "pids",
                    EnumSet.allOf(OnEmpty.class),
                    true,
                    (_, up) -> new TaskCounter((TaskCounter) up))));
    final Container root = machine.defaultHierarchy().root();
    final Container a = root.create("a");
    final Container b = root.create("b");
    final Queue<Task> all = new ConcurrentLinkedQueue<>();

    Task start() {
      var task = Objects.requireNonNull(machine.start(1));
      all.add(task);
      machine.attach(task, a);
      return task;
    }

    void checkAll() {
      all.removeIf(Task::ended);
      for (var task : all) {
        var container = task.container(machine.defaultHierarchy());
        if (!container.tasks().contains(task) || !task.state(0).equals(container.state(0))) {
          throw new IllegalStateException(task + " is not in " + container);
        }
      }
      for (var container : List.of(a, b)) {
        if (used(container) != container.tasks().size()) {
          throw new IllegalStateException(used(container) + " are counted in " + container);
        }
      }
      if (used(root) != all.size()) {
        throw new IllegalStateException(used(root) + " are counted, and " + all.size() + " run");
      }
    }

    private static long used(Container container) {
      return ((TaskCounter) container.state(0)).used();
    }
  }

  /** Lincheck's: a task that forks while it is moved. */
  public static class Forks {
    private final Tasks tasks = new Tasks();
    private final Task init = tasks.start();

    /** For Lincheck. */
    public Forks() {}

    /** A child. */
    @Operation
    public void fork() {
      tasks.all.add(Objects.requireNonNull(tasks.machine.fork(init, 2)));
    }

    /** The parent goes. */
    @Operation
    public void move(@Param(gen = BooleanGen.class) boolean there) {
      tasks.machine.attach(init, there ? tasks.b : tasks.a);
    }

    /** In the end of each run. */
    @Validate
    public void check() {
      tasks.checkAll();
    }
  }

  /** Lincheck's: tasks that end while they are moved. */
  public static class Ends {
    private final Tasks tasks = new Tasks();
    private final Queue<Task> running = new ConcurrentLinkedQueue<>();

    /** For Lincheck. */
    public Ends() {
      running.add(tasks.start());
      running.add(tasks.start());
    }

    /** All go. */
    @Operation
    public void move(@Param(gen = BooleanGen.class) boolean there) {
      try {
        tasks.machine.attach(List.copyOf(tasks.all), there ? tasks.b : tasks.a);
      } catch (BadRequest _) {
        // one has ended
      }
    }

    /** One ends. */
    @Operation
    public void end() {
      var task = running.poll();
      if (task != null) {
        tasks.machine.exit(task);
      }
    }

    /** In the end of each run. */
    @Validate
    public void check() {
      tasks.checkAll();
    }
  }
}
