package bailey.containerfs.tree;

import bailey.ControlReader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Control files that are read again and again, kept open as long as they are: whoever wants to
 * unmount the kernel's control groups is not kept from it for longer than a moment. Any thread.
 */
final class Readers {
  /** How many are open at most. */
  private static final int MOST = 256;

  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<Long, Kept> kept = new ConcurrentHashMap<>();

  private static final class Kept {
    private final ControlReader reader;
    private volatile long used = System.nanoTime();

    Kept(ControlReader reader) {
      this.reader = reader;
    }
  }

  /** The value of a control file of a container. */
  String read(Folder folder, FileKind kind) {
    long id = Leaf.id(folder, kind);
    var found = kept.get(id);
    if (found == null) {
      if (kept.size() >= MOST) {
        kept.keySet().forEach(this::close);
      }
      found = new Kept(folder.container().reader(kind.name()));
      var other = kept.putIfAbsent(id, found);
      if (other != null) {
        found.reader.close();
        found = other;
      }
    }
    found.used = System.nanoTime();
    var value = found.reader.read();
    if (!value.kept()) {
      close(id);
    }
    return value.text();
  }

  /** Of one that was just read: what reads it. */
  @Nullable ControlReader reader(Folder folder, FileKind kind) {
    var found = kept.get(Leaf.id(folder, kind));
    return found == null ? null : found.reader;
  }

  private void close(long id) {
    var gone = kept.remove(id);
    if (gone != null) {
      gone.reader.close();
    }
  }

  /**
   * Closes those that nobody has read for a while.
   *
   * @return whether some stay open
   */
  boolean closeUnused() {
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
