package bailey.engine.journal;

import bailey.core.container.ContainerPath;
import bailey.core.container.View;
import bailey.core.error.NoSuchContainer;
import bailey.core.planner.StateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The values of control files that the kernel does not keep for bailey: what was set from each side
 * of a container, in a file beside its record that is replaced as a whole. Any thread and any
 * process; what depends on a value and then changes one is done {@link #inTurn}.
 */
public final class Settings {
  private static final String OWNER = "owner";

  /** Locks of files are those of a process: its threads take turns by this. */
  private static final ReentrantLock TURN = new ReentrantLock();

  private final ContainerPath name;
  private final Path directory;
  private final Path file;
  private final Path lock;
  private final Path fresh;

  /** Those of a container. */
  public Settings(StateDirectory state, ContainerPath name) {
    this.name = name;
    this.directory = state.directory(name);
    this.file = directory.resolve(StateFiles.SETTINGS);
    this.lock = state.root().resolve(StateFiles.SETTINGS);
    this.fresh = state.root().resolve(StateFiles.SETTINGS + ".new");
  }

  /**
   * What was set of a control file from one side; empty where nothing was.
   *
   * @throws bailey.core.error.StateDamaged if they cannot be read
   */
  public Optional<String> get(View side, String control) {
    return Optional.ofNullable(all(side).get(control));
  }

  /** All that was set from one side, by control file. */
  public Map<String, String> all(View side) {
    var values = new LinkedHashMap<String, String>();
    var prefix = prefix(side);
    entries()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), value);
              }
            });
    return values;
  }

  private Map<String, String> entries() {
    return Journal.content(file)
        .filter(text -> !text.isEmpty())
        .map(text -> RecordText.read(file.toString(), text))
        .orElse(Map.of());
  }

  /** To whom it is delegated, as it was recorded; empty: to nobody. Quick where nothing is. */
  public Optional<String> owner() {
    return file.toFile().exists() ? Optional.ofNullable(entries().get(OWNER)) : Optional.empty();
  }

  /** Records that. */
  public void owner(String text) {
    put(OWNER, text);
  }

  private static String prefix(View side) {
    return side.name().toLowerCase(Locale.ROOT) + ".";
  }

  /**
   * Does something while nobody else changes settings of a container of this hierarchy; waits until
   * nobody does. May be asked for again by what is done.
   */
  public <T> T inTurn(Supplier<T> action) {
    TURN.lock();
    try {
      return TURN.getHoldCount() > 1 ? action.get() : locked(action);
    } finally {
      TURN.unlock();
    }
  }

  private <T> T locked(Supplier<T> action) {
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      return action.get();
    } catch (IOException e) {
      throw StateDirectory.failure("locking", lock, e);
    }
  }

  /**
   * Notes what was set from one side.
   *
   * @throws NoSuchContainer if it was removed meanwhile
   */
  public void put(View side, String control, String value) {
    put(prefix(side) + control, value);
  }

  private void put(String key, String value) {
    var _ =
        inTurn(
            () -> {
              var entries = new LinkedHashMap<>(entries());
              entries.put(key, value);
              replace(RecordText.write(entries));
              return true;
            });
  }

  /** Made outside of its directory, where it would be left by a crash and keep that from going. */
  private void replace(String text) {
    try {
      Files.writeString(fresh, text);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      if (!Files.isDirectory(directory)) {
        throw new NoSuchContainer(name + ": it was removed meanwhile");
      }
      throw StateDirectory.failure("writing", file, e);
    }
  }
}
