package bailey.core.container;

import bailey.core.container.Hierarchy.Emptied;
import bailey.core.error.ContainerBusy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * One move of tasks: all states are asked first (prepare), then either all tasks are moved (commit)
 * or none is (abort). Under the lock of {@link Hierarchies} from begin to end.
 *
 * <p>Tasks fork and end meanwhile: those need the lock of their set alone. A task that ends before
 * the commit is left out of it. One that is forked before the commit of its parent is where its
 * parent was, in every hierarchy; one that is forked after it is where its parent is.
 */
final class Migration {
  private final Hierarchies machine;
  private final Container[] to;
  private final List<Move> moves = new ArrayList<>();

  /** Sets that nobody has been in yet: when such a one goes, nobody has left it. */
  private final List<TaskSet> unused = new ArrayList<>();

  /** A task, where it is, and where it goes; there is room for it in both. */
  private record Move(Task task, TaskSet from, TaskSet to) {
    @SuppressWarnings("ReferenceEquality") // the same object, whatever it thinks of others
    boolean changes(int index) {
      return from.states[index] != to.states[index];
    }
  }

  Migration(Hierarchies machine, Container[] to) {
    this.machine = machine;
    this.to = to;
  }

  /**
   * Moves all, or none.
   *
   * @return the containers that got empty by it, from below
   */
  List<Emptied> run(Collection<Task> tasks) {
    int prepared = 0;
    boolean all = false;
    try {
      for (var task : tasks) {
        reserve(task);
      }
      for (var move : moves) {
        prepare(move);
        prepared++;
      }
      all = true;
    } finally {
      if (!all) {
        moves.subList(0, prepared).forEach(move -> abort(move, followers().length));
        moves.forEach(move -> release(move.to));
        unused.forEach(set -> machine.retire(set, false, List.of()));
      }
    }
    moves.forEach(this::commit);
    return emptied();
  }

  private void reserve(Task task) {
    var from = machine.set(task);
    var containers = from.containers(machine.places());
    for (var container : to) {
      containers[container.hierarchy().place()] = container;
    }
    if (!from.isOf(containers)) {
      var set = machine.sets().find(containers);
      if (set == null) {
        set = machine.sets().make(containers);
        unused.add(set);
      }
      synchronized (set) {
        set.reserve();
      }
      moves.add(new Move(task, from, set));
    }
  }

  private void prepare(Move move) {
    int asked = 0;
    boolean all = false;
    try {
      for (; asked < followers().length; asked++) {
        int index = followers()[asked];
        if (move.changes(index) && !move.to.following(index).prepare(move.from.following(index))) {
          throw new ContainerBusy(
              "cannot attach "
                  + move.task
                  + " to "
                  + String.join(" and ", Stream.of(to).map(Container::toString).toList())
                  + ": "
                  + machine.kinds().get(index).name()
                  + " has no room for it there; raise its limit, or move fewer tasks");
        }
      }
      all = true;
    } finally {
      if (!all) {
        abort(move, asked);
      }
    }
  }

  /** Takes back what the first {@code asked} of those that follow tasks have prepared. */
  private void abort(Move move, int asked) {
    for (int i = 0; i < asked; i++) {
      int index = followers()[i];
      if (move.changes(index)) {
        move.to.following(index).abort(move.from.following(index));
      }
    }
  }

  private void commit(Move move) {
    if (!moved(move)) {
      abort(move, followers().length);
      release(move.to);
      return;
    }
    unused.remove(move.to);
    for (int index : followers()) {
      if (move.changes(index)) {
        move.to.following(index).commit(move.from.following(index));
      }
    }
  }

  /** Only one migration holds two sets at a time, so that their order does not matter. */
  private static boolean moved(Move move) {
    synchronized (move.from) {
      synchronized (move.to) {
        if (!move.task.isIn(move.from)) {
          return false; // it has ended
        }
        move.from.remove(move.task);
        move.from.release();
        move.to.add(move.task);
        move.task.set(move.to);
        return true;
      }
    }
  }

  private static void release(TaskSet set) {
    synchronized (set) {
      set.release();
    }
  }

  private List<Emptied> emptied() {
    var emptied = new ArrayList<Emptied>();
    for (var move : moves) {
      machine.retire(move.from, true, emptied);
      // all its tasks may have ended meanwhile, also those that have just come
      machine.retire(move.to, !unused.contains(move.to), emptied);
    }
    return emptied;
  }

  private int[] followers() {
    return machine.kinds().followers;
  }
}
