package bailey.core.container;

import bailey.core.container.Hierarchy.Emptied;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A machine's generic process containers: hierarchies of containers, the subsystems bound to them,
 * and the tasks in them, as the kernel's containers patches of 2006-07 described them and {@code
 * kernel/cgroup/cgroup.c} keeps them. It knows no kernel: it is what a kernel would do.
 *
 * <p><b>Sets of tasks.</b> A task is in one container of each hierarchy, and each container has a
 * state of each subsystem of its hierarchy. Asking for a task's memory counter must not walk: it is
 * asked for at each charge. So tasks that are in the same containers of all hierarchies share a set
 * (the kernel's css_set), and the set has the states of all subsystems in one array:
 *
 * <pre>
 *   Task -> TaskSet -> states[index of the subsystem]
 * </pre>
 *
 * <p>A state that a container shares with one above is in the array as well as its own, so that the
 * way is the same however deep the container is, however many there are, and in whichever hierarchy
 * the subsystem is. There are as many sets as combinations of containers in which tasks really are;
 * a task costs 32 bytes and a pointer to the set of its parent. A set is looked for by its
 * containers, in a table, only when a task is moved.
 *
 * <p><b>What forks cost.</b> A child is put into its parent's set, under that set's lock: two
 * processors that fork in different containers do not meet. States that count tasks (pids) are
 * charged under the same lock, so that a child is counted where it is. The last task that ends
 * takes its set away under the lock of the hierarchies, which only structure needs: making and
 * removing containers, mounting, moving, and looking into them. The order of locks is: the
 * hierarchies, a set (a move: two), then nothing.
 *
 * <p><b>What charges cost.</b> Charging takes no lock; see {@link ResourceCounter}. It goes up
 * through the containers that have a counter of their own, one compare-and-set for each: a
 * container that shares its parent's counter costs nothing. That is the one thing here that grows
 * with depth. The kernel hides it behind a stock of some pages for each processor; then a reader
 * sees pages in use that are not, a limit refuses what would fit until the stocks are drained, and
 * 64 processors keep 64 stocks. A model that is compared with simpler ones has to be exact.
 *
 * <p><b>Moving</b> is a transaction: every state that follows tasks is asked for room first, for
 * every task; then all are moved or none is. Moving one task changes one pointer, and so its
 * containers in all hierarchies at once: a child that it forks at that moment is as a whole in the
 * old containers or in the new ones.
 *
 * <p><b>Getting empty</b> is seen when a set goes: a container without sets, and without containers
 * in it, is empty. What follows is in the answer of the operation that did it ({@link Emptied});
 * the model calls nobody.
 *
 * <p><b>Size.</b> A million containers and a million tasks are to fit: containers are chained into
 * the table that finds them by name and into the list of their parent by fields of their own, a
 * container makes an object for those states alone that have something to count, and is itself the
 * state of the others. Tests hold that to less than 400 bytes for a container with two counters, a
 * set and its tables, and 100 for a task.
 *
 * <p>Any thread may call any method.
 */
public final class Hierarchies {
  /** Of all that is said to be under the lock of the hierarchies. */
  final Object lock = new Object();

  private final Kinds kinds;
  private final TaskSets sets;
  private final Hierarchy defaultHierarchy;

  /** By name, the default one first; their places are numbers from 0. */
  private final Map<String, Hierarchy> mounted = new LinkedHashMap<>();

  private Bindings bindings;

  /** All places that a hierarchy has or had are below this. */
  private int places = 1;

  /**
   * The default hierarchy alone, with all subsystems.
   *
   * @param subsystems at most 64, in the order of their indexes
   */
  public Hierarchies(List<StateKind> subsystems) {
    kinds = new Kinds(subsystems);
    bindings = Bindings.of(kinds.names());
    sets = new TaskSets(kinds);
    defaultHierarchy = new Hierarchy(this, Bindings.DEFAULT, 0, kinds.bits(kinds.names()));
    kinds.begin(defaultHierarchy.root());
    mounted.put(Bindings.DEFAULT, defaultHierarchy);
  }

  // ---- hierarchies ----

  /** Which subsystem is bound to which hierarchy. */
  public Bindings bindings() {
    synchronized (lock) {
      return bindings;
    }
  }

  /**
   * The place of a subsystem's state in each task's array.
   *
   * @throws BadRequest where there is no such subsystem
   */
  public int index(String subsystem) {
    return kinds.index(subsystem);
  }

  /** The hierarchy of that name. */
  public Optional<Hierarchy> hierarchy(String name) {
    synchronized (lock) {
      return Optional.ofNullable(mounted.get(name));
    }
  }

  /** The one that is always there. */
  public Hierarchy defaultHierarchy() {
    return defaultHierarchy;
  }

  /** All, the default one first. */
  public List<Hierarchy> all() {
    synchronized (lock) {
      return List.copyOf(mounted.values());
    }
  }

  /**
   * Binds subsystems to a new hierarchy. All tasks are in its root.
   *
   * @throws BadRequest as {@link Bindings#mount}
   * @throws ContainerBusy as {@link Bindings#mount}
   */
  public Hierarchy mount(String name, List<String> subsystems) {
    synchronized (lock) {
      var after = bindings.mount(name, subsystems, this::occupants);
      int place = freePlace();
      places = Math.max(places, place + 1);
      var hierarchy = new Hierarchy(this, name, place, 0);
      mounted.put(name, hierarchy);
      bindings = after;
      sets.add(place, hierarchy.root(), places);
      rebind(defaultHierarchy, hierarchy, kinds.bits(subsystems));
      return hierarchy;
    }
  }

  private int freePlace() {
    int place = 0;
    for (boolean free = false; !free; ) {
      int wanted = place;
      free = mounted.values().stream().noneMatch(hierarchy -> hierarchy.place() == wanted);
      place += free ? 0 : 1;
    }
    return place;
  }

  /**
   * Takes a hierarchy away; the default one gets its subsystems.
   *
   * @throws BadRequest as {@link Bindings#unmount}
   * @throws NoSuchContainer as {@link Bindings#unmount}
   * @throws ContainerBusy as {@link Bindings#unmount}
   */
  public void unmount(String name) {
    synchronized (lock) {
      bindings = bindings.unmount(name, this::occupants);
      var gone = mounted.remove(name);
      if (gone != null) {
        sets.remove(gone.place(), places);
        rebind(gone, defaultHierarchy, gone.bound());
      }
    }
  }

  /** The states of roots stay as they are: with what was charged, and in each task's array. */
  private void rebind(Hierarchy from, Hierarchy to, long bits) {
    from.bind(from.bound() & ~bits);
    to.bind(to.bound() | bits);
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      kinds.bind(Long.numberOfTrailingZeros(rest), to.root());
    }
  }

  private List<String> occupants(String hierarchy) {
    var found = mounted.get(hierarchy);
    return found == null
        ? List.of()
        : found.root().children().stream().map(Container::name).toList();
  }

  // ---- tasks ----

  /**
   * A task that nobody forked, in the root of each hierarchy.
   *
   * @return null where a state that follows tasks refuses
   */
  public @Nullable Task start(int number) {
    synchronized (lock) {
      var roots = new Container[places];
      mounted.values().forEach(hierarchy -> roots[hierarchy.place()] = hierarchy.root());
      var found = sets.find(roots);
      var set = found == null ? sets.make(roots) : found;
      synchronized (set) {
        var task = set.start(number, kinds.followers);
        if (task == null && found == null) {
          sets.remove(set, places);
        }
        return task;
      }
    }
  }

  /**
   * A task forks: the child is where its parent is, in every hierarchy.
   *
   * @return the child; null where a state that follows tasks refuses
   * @throws IllegalStateException where the parent has ended
   */
  public @Nullable Task fork(Task parent, int number) {
    while (true) {
      var set = parent.set();
      synchronized (set) {
        if (parent.isIn(set)) {
          return set.start(number, kinds.followers);
        }
      }
    }
  }

  /**
   * A task ends.
   *
   * @return the containers that got empty by it, from below
   * @throws IllegalStateException where it has ended
   */
  public List<Emptied> exit(Task task) {
    while (true) {
      var set = task.set();
      synchronized (set) {
        if (!task.isIn(set)) {
          continue;
        }
        if (!set.end(task, kinds.followers)) {
          return List.of();
        }
      }
      var emptied = new ArrayList<Emptied>();
      synchronized (lock) {
        retire(set, true, emptied);
      }
      return emptied;
    }
  }

  /**
   * Moves a task to a container, from that of the same hierarchy that it is in.
   *
   * @return the containers that got empty by it, from below
   * @throws BadRequest where it has ended
   * @throws NoSuchContainer where the container was removed
   * @throws ContainerBusy where a state that follows tasks refuses
   */
  public List<Emptied> attach(Task task, Container to) {
    return attach(List.of(task), to);
  }

  /**
   * Moves tasks to containers of several hierarchies: all of them to all, or nothing happens. Those
   * that end meanwhile need no moving.
   *
   * @param to at most one of each hierarchy
   * @return the containers that got empty by it, from below
   * @throws BadRequest where one has ended before, or two containers are of one hierarchy
   * @throws NoSuchContainer where a container was removed
   * @throws ContainerBusy where a state that follows tasks refuses
   */
  public List<Emptied> attach(Collection<Task> tasks, Container... to) {
    synchronized (lock) {
      checkTargets(to);
      return new Migration(this, to).run(tasks);
    }
  }

  private void checkTargets(Container... to) {
    for (int i = 0; i < to.length; i++) {
      var hierarchy = to[i].hierarchy();
      if (mounted.get(hierarchy.name()) != hierarchy || to[i].isRemoved()) {
        throw new NoSuchContainer("cannot attach to " + to[i] + ": it was removed");
      }
      for (int before = 0; before < i; before++) {
        if (to[before].hierarchy() == hierarchy) {
          throw new BadRequest(
              "cannot attach to two containers of the hierarchy "
                  + hierarchy
                  + "; name one of each");
        }
      }
    }
  }

  // ---- for the parts of the model ----

  Kinds kinds() {
    return kinds;
  }

  TaskSets sets() {
    return sets;
  }

  int places() {
    return places;
  }

  Container holder(Task task, Hierarchy hierarchy) {
    synchronized (lock) {
      var container = set(task).container(hierarchy.place());
      if (container == null || container.hierarchy() != hierarchy) {
        throw new NoSuchContainer("the hierarchy " + hierarchy + " is not mounted");
      }
      return container;
    }
  }

  /**
   * The set of a task, which is not taken away while the lock is held.
   *
   * @throws BadRequest where the task has ended
   */
  TaskSet set(Task task) {
    var set = task.setOrNull();
    if (set != null) {
      synchronized (set) {
        if (task.isIn(set)) {
          return set;
        }
      }
    }
    throw new BadRequest(task + " has ended; name tasks that run");
  }

  /**
   * Takes a set away if no task is in it and none is on its way.
   *
   * @param left whether a task was in it, so that a container may have got empty
   * @param emptied gets the containers that did, from below
   */
  void retire(TaskSet set, boolean left, List<Emptied> emptied) {
    synchronized (set) {
      if (!set.isUnused() || set.container(0) == null) {
        return;
      }
    }
    var containers = set.containers(places);
    sets.remove(set, places);
    if (left) {
      for (var container : containers) {
        if (container != null) {
          container.emptied(emptied);
        }
      }
    }
  }
}
