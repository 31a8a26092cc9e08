package bailey.engine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Intents that were read: not read again as long as their files say that they are the same, and not
 * parsed again as long as their texts are. Any thread.
 */
final class KnownIntents {
  private static final int MOST = 256;

  /** For so long what this process wrote is what there is, where a wrong answer does no harm. */
  private static final long MOMENT_NANOS = 10_000_000;

  private final Map<Path, Known> all = new ConcurrentHashMap<>();

  private static final class Known {
    /** How the file was; empty where it may have changed since and look the same. */
    private final Map<String, Object> file;

    private final String text;
    private volatile @Nullable Intent intent;
    private volatile long written;

    Known(Map<String, Object> file, String text) {
      this.file = file;
      this.text = text;
    }
  }

  /**
   * The text of an intent, empty if it is not there.
   *
   * @throws bailey.core.error.StateDamaged if it cannot be read
   */
  Optional<String> text(Path path) {
    long now = System.currentTimeMillis();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      var file = NameLists.identity(path);
      var known = all.get(path);
      if (known != null && known.file.equals(file)) {
        return Optional.of(known.text);
      }
      var text = Journal.content(path);
      boolean settled = NameLists.isSettled(file, now);
      text.filter(fresh -> known == null || !known.text.equals(fresh) || settled)
          .ifPresent(fresh -> keep(path, new Known(settled ? file : Map.of(), fresh)));
      return text;
    } catch (IOException _) {
      return Journal.content(path); // gone at this moment, or it is said why not
    }
  }

  /** Notes what was just written. */
  void wrote(Path path, Intent intent, String text) {
    var known = new Known(Map.of(), text);
    known.intent = intent;
    known.written = System.nanoTime();
    keep(path, known);
  }

  /** It is there no more. */
  void forget(Path path) {
    all.remove(path);
  }

  /** What this process wrote just now; empty if it did not. */
  Optional<Intent> fresh(Path path) {
    return Optional.ofNullable(all.get(path))
        .filter(known -> known.written != 0)
        .filter(known -> System.nanoTime() - known.written < MOMENT_NANOS)
        .map(known -> known.intent);
  }

  /** What was read or written last, whatever it is now; empty where that is not known. */
  Optional<Intent> last(Path path) {
    return Optional.ofNullable(all.get(path)).map(known -> known.intent);
  }

  private void keep(Path path, Known known) {
    if (all.size() >= MOST) {
      all.clear();
    }
    all.put(path, known);
  }

  /** What a text of {@link #text} says. */
  Intent parse(Path path, String text) {
    var known = all.get(path);
    if (known == null || !known.text.equals(text)) {
      return Intent.parse(path.toString(), text);
    }
    var intent = known.intent;
    if (intent == null) {
      intent = Intent.parse(path.toString(), text);
      known.intent = intent;
    }
    return intent;
  }
}
