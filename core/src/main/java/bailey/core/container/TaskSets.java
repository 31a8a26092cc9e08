package bailey.core.container;

import org.jspecify.annotations.Nullable;

/**
 * All sets of tasks, by the containers that they are of (the kernel's css_set_table). Under the
 * lock of {@link Hierarchies}.
 */
final class TaskSets {
  private final Kinds kinds;
  private @Nullable TaskSet[] buckets = new TaskSet[16];
  private int size;

  TaskSets(Kinds kinds) {
    this.kinds = kinds;
  }

  /** The set of those containers, one for each place; null where no task is in just them. */
  @Nullable TaskSet find(@Nullable Container[] containers) {
    var found = buckets[bucket(containers)];
    while (found != null && !found.isOf(containers)) {
      found = found.nextInTable;
    }
    return found;
  }

  /** A set that is not there yet, of one container for each place. */
  TaskSet make(@Nullable Container[] containers) {
    var states = new State[kinds.size()];
    for (var container : containers) {
      if (container != null) {
        container.show(states);
      }
    }
    var set = new TaskSet(states, containers);
    if (size == buckets.length) {
      rebuild(2 * size, containers.length);
    }
    size++;
    put(set, containers);
    for (int place = 0; place < containers.length; place++) {
      set.link(place);
    }
    return set;
  }

  /** Takes a set away that no task is in. */
  void remove(TaskSet set, int places) {
    int bucket = bucket(set.containers(places));
    var at = buckets[bucket];
    if (at == set) {
      buckets[bucket] = set.nextInTable;
    } else {
      while (at != null && at.nextInTable != set) {
        at = at.nextInTable;
      }
      if (at != null) {
        at.nextInTable = set.nextInTable;
      }
    }
    set.nextInTable = null;
    size--;
    for (int place = 0; place < places; place++) {
      set.unlink(place);
      set.put(place, null);
    }
  }

  /** All tasks are in the root of a hierarchy that comes. */
  void add(int place, Container root, int places) {
    for (var head : buckets) {
      for (var set = head; set != null; set = set.nextInTable) {
        set.put(place, root);
        set.link(place);
      }
    }
    rebuild(buckets.length, places);
  }

  /** A hierarchy goes, in which all tasks are in the root. */
  void remove(int place, int places) {
    for (var head : buckets) {
      for (var set = head; set != null; set = set.nextInTable) {
        set.unlink(place);
        set.put(place, null);
      }
    }
    rebuild(buckets.length, places);
  }

  private void rebuild(int length, int places) {
    var old = buckets;
    buckets = new TaskSet[length];
    for (var head : old) {
      for (var at = head; at != null; ) {
        var next = at.nextInTable;
        put(at, at.containers(places));
        at = next;
      }
    }
  }

  private void put(TaskSet set, @Nullable Container[] containers) {
    int bucket = bucket(containers);
    set.nextInTable = buckets[bucket];
    buckets[bucket] = set;
  }

  private int bucket(@Nullable Container[] containers) {
    int hash = 0;
    for (var container : containers) {
      hash = 31 * hash + (container == null ? 0 : container.hash());
    }
    return (hash ^ hash >>> 16) & (buckets.length - 1);
  }
}
