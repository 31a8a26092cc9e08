package bailey.core.container;

import org.jspecify.annotations.Nullable;

/**
 * The containers of a hierarchy by parent and name, chained through the containers themselves, as
 * the kernel's dentry_hashtable: 4 to 8 bytes for each. Under the lock of {@link Hierarchies}.
 */
final class ContainerTable {
  private @Nullable Container[] buckets = new Container[16];
  private int size;

  @Nullable Container find(Container parent, String name) {
    return find(parent, name, 0, name.length());
  }

  /** The one whose name is in {@code path} from {@code from} to {@code to}. */
  @Nullable Container find(Container parent, String path, int from, int to) {
    var found = buckets[bucket(Container.hash(parent, path, from, to))];
    while (found != null && !found.is(parent, path, from, to)) {
      found = found.nextInTable;
    }
    return found;
  }

  void add(Container container) {
    if (size == buckets.length) {
      grow();
    }
    size++;
    put(container);
  }

  private void put(Container container) {
    int bucket = bucket(container.hash());
    container.nextInTable = buckets[bucket];
    buckets[bucket] = container;
  }

  private void grow() {
    var old = buckets;
    buckets = new Container[2 * old.length];
    for (var head : old) {
      for (var at = head; at != null; ) {
        var next = at.nextInTable;
        put(at);
        at = next;
      }
    }
  }

  void remove(Container container) {
    int bucket = bucket(container.hash());
    var at = buckets[bucket];
    if (at == container) {
      buckets[bucket] = container.nextInTable;
    } else {
      while (at != null && at.nextInTable != container) {
        at = at.nextInTable;
      }
      if (at != null) {
        at.nextInTable = container.nextInTable;
      }
    }
    container.nextInTable = null;
    size--;
  }

  int size() {
    return size;
  }

  private int bucket(int hash) {
    return hash & (buckets.length - 1);
  }
}
