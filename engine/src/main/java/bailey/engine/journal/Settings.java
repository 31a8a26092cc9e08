package bailey.engine.journal;

import bailey.core.container.ContainerPath;
import bailey.core.container.View;
import bailey.core.planner.StateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The values of control files that the kernel does not keep for bailey: what was set from each side
 * of a container, in a file beside its record. Any thread and any process; of two that write at the
 * same time the second waits.
 */
public final class Settings {
  /** Locks of files are those of a process: its threads take turns by this. */
  private static final Object TURN = new Object();

  private final Path file;

  /** Those of a container. */
  public Settings(StateDirectory state, ContainerPath name) {
    this.file = state.directory(name).resolve(StateFiles.SETTINGS);
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

  private static String prefix(View side) {
    return side.name().toLowerCase(Locale.ROOT) + ".";
  }

  /** Notes what was set from one side. */
  public void put(View side, String control, String value) {
    synchronized (TURN) {
      try (var channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        var entries = new LinkedHashMap<>(entries());
        entries.put(prefix(side) + control, value);
        var text = RecordText.write(entries).getBytes(StandardCharsets.US_ASCII);
        write(channel, text);
      } catch (IOException e) {
        throw StateDirectory.failure("writing", file, e);
      }
    }
  }

  private static void write(FileChannel channel, byte[] text) throws IOException {
    var bytes = ByteBuffer.wrap(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.truncate(text.length);
  }
}
