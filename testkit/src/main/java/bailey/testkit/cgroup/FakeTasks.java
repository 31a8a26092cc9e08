package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.container.Container;
import bailey.core.container.Hierarchies;
import bailey.core.container.Hierarchy;
import bailey.core.container.OnEmpty;
import bailey.core.container.ResourceCounter;
import bailey.core.container.StateKind;
import bailey.core.container.Task;
import bailey.core.kernel.CgroupVersion;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of the fake kernel, by number, and the trees of groups that they are in: those of the
 * model. The unified hierarchy is the model's default one, as it is the kernel's.
 *
 * <p>Each group has a counter of its own, also where v2 has not turned the controller on in it:
 * without a limit it is as if it were not there.
 */
final class FakeTasks {
  private final Hierarchies model =
      new Hierarchies(
          Stream.of(
                  kind("memory", false, (_, up) -> new ResourceCounter((ResourceCounter) up)),
                  kind(FakePids.NAME, true, (_, up) -> new FakePids.Counter((FakePids.Counter) up)))
              .toList());

  private final Map<Integer, Task> running = new HashMap<>();
  private int last = 1000;
  private int mounted;

  private static StateKind kind(String name, boolean follows, StateKind.Maker maker) {
    return new StateKind(name, EnumSet.allOf(OnEmpty.class), follows, maker);
  }

  /** A hierarchy for some of the kernel's controllers, which no other one has. */
  Hierarchy mount(CgroupVersion version, Set<String> controllers) {
    if (version == CgroupVersion.V2) {
      return model.defaultHierarchy();
    }
    mounted++;
    var counting = model.defaultHierarchy().subsystems().stream().filter(controllers::contains);
    return model.mount("v1-" + mounted, counting.toList());
  }

  void unmount(Hierarchy hierarchy) {
    KernelRefusal.unless(hierarchy.size() == 0, Errno.EBUSY);
    if (hierarchy != model.defaultHierarchy()) {
      model.unmount(hierarchy.name());
    }
  }

  /** What a group has of a controller that counts. */
  Object counter(Container group, String controller) {
    return group.state(model.index(controller));
  }

  /** A new task, at the top of every hierarchy. */
  int start() {
    return started(model.start(++last));
  }

  /** A new task, where its parent is. */
  int fork(int parent) {
    return started(model.fork(find(parent), ++last));
  }

  private int started(@Nullable Task task) {
    if (task == null) {
      throw new KernelRefusal(Errno.EAGAIN); // fork(2): RLIMIT_NPROC, threads-max or pids.max
    }
    running.put(task.number(), task);
    return task.number();
  }

  /** A task ends, unless it has. */
  void end(int number) {
    var task = running.remove(number);
    if (task != null) {
      model.exit(task);
    }
  }

  void attach(Task task, Container group) {
    model.attach(task, group);
  }

  /** A task that runs; ESRCH for others. */
  Task find(int number) {
    var task = running.get(number);
    if (task == null) {
      throw new KernelRefusal(Errno.ESRCH);
    }
    return task;
  }

  /** The numbers of the tasks in a group, from the least. */
  static Set<Integer> in(Container group) {
    var numbers = new TreeSet<Integer>();
    group.tasks().forEach(task -> numbers.add(task.number()));
    return numbers;
  }

  /** Those in it and below it. */
  static Set<Integer> below(Container group) {
    var numbers = in(group);
    group.children().forEach(child -> numbers.addAll(below(child)));
    return numbers;
  }
}
