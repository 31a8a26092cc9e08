package bailey.engine.journal;

import bailey.ServedMount;
import bailey.core.error.StateDamaged;
import bailey.core.kernel.FileLocks;
import bailey.core.planner.ServingRequest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is recorded of file systems that are served: a directory for each, whose lock its holder
 * has. Any thread and any process.
 */
public final class ServedMounts {
  private static final String MOUNTS = "mounts";
  private static final int MOST = 10_000;

  private final Path folder;
  private final FileLocks locks;

  /** Those of a state directory. */
  public ServedMounts(StateDirectory state, FileLocks locks) {
    this.folder = state.top().resolve(MOUNTS);
    this.locks = locks;
  }

  /**
   * One of them.
   *
   * @param record its directory
   * @param mount what it says
   */
  public record Entry(String record, ServedMount mount) {}

  /** Records one; its directory. */
  public String add(String directory) {
    make(folder);
    for (int i = 1; i <= MOST; i++) {
      var record = folder.resolve(Integer.toString(i));
      if (make(record)) {
        try {
          Files.writeString(record.resolve(ServingRequest.DIRECTORY), directory);
          return record.toString();
        } catch (IOException e) {
          throw StateDirectory.failure("writing", record, e);
        }
      }
    }
    throw new StateDamaged("there are " + MOST + " records in " + folder + "; bailey gc");
  }

  private static boolean make(Path directory) {
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } catch (IOException e) {
      throw StateDirectory.failure("making", directory, e);
    }
  }

  /** All that are complete, in the order of their numbers. */
  public List<Entry> list() {
    var found = new ArrayList<Entry>();
    var names = folder.toFile().list();
    for (var name : names == null ? new String[0] : names) {
      var record = folder.resolve(name);
      directory(record)
          .ifPresent(
              directory ->
                  found.add(
                      new Entry(
                          record.toString(),
                          new ServedMount(
                              directory,
                              locks.isHeld(record.resolve(ServingRequest.LOCK).toString()),
                              record.toString()))));
    }
    found.sort(Comparator.comparing(Entry::record));
    return found;
  }

  private static Optional<String> directory(Path record) {
    return Journal.content(record.resolve(ServingRequest.DIRECTORY))
        .filter(directory -> !directory.isEmpty());
  }

  /** Removes a record; nothing, where it is gone. */
  public void remove(String record) {
    try (var files = Files.newDirectoryStream(Path.of(record))) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(Path.of(record));
    } catch (NoSuchFileException _) {
      // its holder was faster
    } catch (IOException e) {
      throw StateDirectory.failure("removing", Path.of(record), e);
    }
  }
}
