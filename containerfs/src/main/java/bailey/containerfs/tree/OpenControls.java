package bailey.containerfs.tree;

import bailey.OpenControl;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Control files that are read and set again and again, open from the second time on as long as they
 * are: whoever wants to unmount the kernel's control groups is not kept from it for longer than a
 * moment. Any thread.
 */
final class OpenControls {
  /** How many are open at most. */
  private static final int MOST = 256;

  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<Long, Kept> kept = new ConcurrentHashMap<>();

  /** Those that were used lately. */
  private final Set<Long> once = ConcurrentHashMap.newKeySet();

  private static final class Kept {
    private final OpenControl control;
    private volatile long used = System.nanoTime();

    Kept(OpenControl control) {
      this.control = control;
    }
  }

  /** The value of a control file of a container. */
  String read(Folder folder, FileKind kind) {
    if (isFirst(folder, kind)) {
      return folder.container().get(kind.name());
    }
    var value = kept(folder, kind).read();
    if (!value.kept()) {
      close(Leaf.id(folder, kind));
    }
    return value.text();
  }

  /** Sets a control file of a container. */
  void set(Folder folder, FileKind kind, String value) {
    if (isFirst(folder, kind)) {
      folder.container().set(kind.name(), value);
    } else if (!kept(folder, kind).set(value)) {
      close(Leaf.id(folder, kind));
    }
  }

  /** Whoever looks through all files uses each once: to keep it open would be in vain. */
  private boolean isFirst(Folder folder, FileKind kind) {
    if (once.size() >= MOST) {
      once.clear();
    }
    long id = Leaf.id(folder, kind);
    return once.add(id) && !kept.containsKey(id);
  }

  private OpenControl kept(Folder folder, FileKind kind) {
    long id = Leaf.id(folder, kind);
    var found = kept.get(id);
    if (found == null) {
      if (kept.size() >= MOST) {
        kept.keySet().forEach(this::close);
      }
      found = new Kept(folder.container().open(kind.name()));
      var other = kept.putIfAbsent(id, found);
      if (other != null) {
        found.control.close();
        found = other;
      }
    }
    found.used = System.nanoTime();
    return found.control;
  }

  private void close(long id) {
    var gone = kept.remove(id);
    if (gone != null) {
      gone.control.close();
    }
  }

  /**
   * Closes those that nobody has used for a while.
   *
   * @return whether some stay open
   */
  boolean closeUnused() {
    once.clear();
    long now = System.nanoTime();
    kept.forEach(
        (id, one) -> {
          if (now - one.used > UNUSED_NANOS) {
            close(id);
          }
        });
    return !kept.isEmpty();
  }

  /** Closes all. */
  void close() {
    kept.keySet().forEach(this::close);
  }
}
