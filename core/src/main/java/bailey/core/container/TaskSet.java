package bailey.core.container;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are in the same container of every hierarchy, and what they share: the states they
 * see (the kernel's struct css_set).
 *
 * <p>Its tasks are under its own lock. All else is under the lock of {@link Hierarchies}, which is
 * taken first; but {@link #states} never changes. With 17 subsystems and one hierarchy it has 152
 * bytes, and exists only while a task is in it.
 */
final class TaskSet {
  /** By the index of the subsystem. */
  final State[] states;

  /** Three for each place of a hierarchy: the container, and the neighbours in its list of sets. */
  private @Nullable Object[] links;

  /** The next in the same bucket of {@link TaskSets}. */
  @Nullable TaskSet nextInTable;

  private @Nullable Task first;

  /** Tasks, and those for which there is to be room. */
  private int count;

  TaskSet(State[] states, @Nullable Container[] containers) {
    this.states = states;
    links = new @Nullable Object[3 * containers.length];
    for (int place = 0; place < containers.length; place++) {
      links[3 * place] = containers[place];
    }
  }

  // ---- the containers, under the lock of the hierarchies ----

  /** That of a hierarchy; null where the place is free. */
  @Nullable Container container(int place) {
    return (Container) links[3 * place];
  }

  @Nullable TaskSet next(int place) {
    return (TaskSet) links[3 * place + 1];
  }

  /** The containers by place, null where one is free, with room for {@code places}. */
  @Nullable Container[] containers(int places) {
    var all = new @Nullable Container[places];
    for (int place = 0; 3 * place < links.length && place < places; place++) {
      all[place] = container(place);
    }
    return all;
  }

  boolean isOf(@Nullable Container[] containers) {
    for (int place = 0; place < containers.length; place++) {
      if (container(place) != containers[place]) {
        return false;
      }
    }
    return true;
  }

  /** A hierarchy comes, or its place is free again. */
  void put(int place, @Nullable Container container) {
    if (3 * place >= links.length) {
      links = Arrays.copyOf(links, 3 * place + 3);
    }
    links[3 * place] = container;
  }

  /** Puts it first in the list of its container. */
  void link(int place) {
    var container = container(place);
    if (container != null) {
      links[3 * place + 1] = container.sets;
      if (container.sets != null) {
        container.sets.links[3 * place + 2] = this;
      }
      container.sets = this;
    }
  }

  /** Takes it out of the list of its container. */
  void unlink(int place) {
    var next = next(place);
    var previous = (TaskSet) links[3 * place + 2];
    if (next != null) {
      next.links[3 * place + 2] = previous;
    }
    var container = container(place);
    if (previous != null) {
      previous.links[3 * place + 1] = next;
    } else if (container != null) {
      container.sets = next;
    }
    links[3 * place + 1] = null;
    links[3 * place + 2] = null;
  }

  // ---- the tasks, under its own lock ----

  /** The state of a subsystem that follows tasks. */
  FollowingState following(int index) {
    return (FollowingState) states[index];
  }

  /** A task that is started in it, if its states allow it. */
  @Nullable Task start(int number, int[] followers) {
    for (int i = 0; i < followers.length; i++) {
      if (!following(followers[i]).start()) {
        for (int j = 0; j < i; j++) {
          following(followers[j]).end();
        }
        return null;
      }
    }
    var task = new Task(number, this);
    count++;
    add(task);
    return task;
  }

  /** A task ends; whether it was the last one. */
  boolean end(Task task, int[] followers) {
    for (int follower : followers) {
      following(follower).end();
    }
    remove(task);
    task.set(null);
    return release();
  }

  /** Keeps it while a task is on its way. */
  void reserve() {
    count++;
  }

  /** A task is gone, or did not come; whether nothing keeps it now. */
  boolean release() {
    count--;
    return count == 0;
  }

  boolean isUnused() {
    return count == 0;
  }

  void add(Task task) {
    task.next = first;
    if (first != null) {
      first.previous = task;
    }
    first = task;
  }

  void remove(Task task) {
    if (task.next != null) {
      task.next.previous = task.previous;
    }
    if (task.previous != null) {
      task.previous.next = task.next;
    } else {
      first = task.next;
    }
    task.next = null;
    task.previous = null;
  }

  void collect(List<Task> into) {
    for (var task = first; task != null; task = task.next) {
      into.add(task);
    }
  }
}
