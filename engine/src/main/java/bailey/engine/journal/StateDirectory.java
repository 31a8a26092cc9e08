package bailey.engine.journal;

import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.StateDamaged;
import bailey.core.planner.StateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The folder that bailey keeps its state in: owned by its user, closed to others. Whoever can write
 * to it can make bailey remove containers, so it is refused where another could.
 */
public final class StateDirectory {
  private static final String CONTAINERS = "containers";
  private static final String REPORTS = "reports";
  private static final String GATE = "gate";
  private static final int OTHERS_WRITE = 022;
  private static final int PERMISSIONS = 07777;

  private final Path root;

  private StateDirectory(Path root) {
    this.root = root;
  }

  /**
   * The state directory at {@code path}, made if it is not there.
   *
   * @param uid of the user of this process, who must own it
   * @throws BadRequest if it is no directory, a symbolic link, another's, or open to others
   * @throws StateDamaged if it can be neither made nor read
   */
  public static StateDirectory open(String path, int uid) {
    var root = absolute(path);
    make(root);
    check(root, uid);
    var state = new StateDirectory(root);
    make(state.containers());
    make(state.reports());
    try {
      Files.createFile(
          state.gate(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException _) {
      // made by an earlier bailey
    } catch (IOException e) {
      throw failure("making", state.gate(), e);
    }
    return state;
  }

  private static Path absolute(String path) {
    try {
      return Path.of(path).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new BadRequest(
          "the state directory "
              + path
              + " cannot be used: "
              + e.getReason()
              + "; give another by BAILEY_STATE, for example /run/bailey",
          e);
    }
  }

  private static void make(Path directory) {
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException _) {
      // checked by the caller
    } catch (IOException e) {
      throw failure("making", directory, e);
    }
  }

  private static void check(Path root, int uid) {
    Map<String, Object> attributes;
    try {
      attributes =
          Files.readAttributes(
              root, "unix:uid,mode,isSymbolicLink,isDirectory", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw failure("looking at", root, e);
    }
    if (Boolean.TRUE.equals(attributes.get("isSymbolicLink"))) {
      throw refused(root, "it is a symbolic link", "remove it, or name its target by BAILEY_STATE");
    }
    if (!Boolean.TRUE.equals(attributes.get("isDirectory"))) {
      throw refused(root, "it is no directory", "remove it, or give another by BAILEY_STATE");
    }
    if (!Integer.valueOf(uid).equals(attributes.get("uid"))) {
      throw refused(
          root,
          "it is owned by user " + attributes.get("uid") + ", not " + uid,
          "remove it, or give another by BAILEY_STATE");
    }
    int mode = attributes.get("mode") instanceof Integer value ? value & PERMISSIONS : OTHERS_WRITE;
    if ((mode & OTHERS_WRITE) != 0) {
      throw refused(
          root,
          "others may write to it (mode 0" + Integer.toOctalString(mode) + ")",
          "chmod 0700 " + root + " if nobody did");
    }
  }

  private static BadRequest refused(Path root, String why, String remedy) {
    return new BadRequest("the state directory " + root + " is not safe: " + why + "; " + remedy);
  }

  static StateDamaged failure(String what, Path path, IOException e) {
    var reason = e.getMessage();
    return new StateDamaged(
        what
            + " "
            + path
            + " failed: "
            + (reason == null || reason.equals(path.toString())
                ? e.getClass().getSimpleName()
                : reason.replace(path + ": ", "")),
        e);
  }

  /** Where it is, an absolute path. */
  public Path root() {
    return root;
  }

  /** The file whose lock keeps launches and removals apart. */
  public Path gate() {
    return root.resolve(GATE);
  }

  /**
   * Does something while no container can be made or removed, if nobody is making or removing one
   * at this moment.
   */
  public void withGateIfFree(Runnable action) {
    try (var channel = FileChannel.open(gate(), StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock != null) {
        action.run();
      }
    } catch (OverlappingFileLockException | NoSuchFileException _) {
      // another thread of this process has it, or the state directory is gone
    } catch (IOException e) {
      throw failure("locking", gate(), e);
    }
  }

  Path containers() {
    return root.resolve(CONTAINERS);
  }

  Path reports() {
    return root.resolve(REPORTS);
  }

  /** The directory of a container. */
  public Path directory(ContainerPath name) {
    var directory = containers();
    for (var component : name.directory().split("/", -1)) {
      directory = directory.resolve(component);
    }
    return directory;
  }

  /**
   * Where a container is recorded.
   *
   * @param report the name of the file for its end
   */
  public StateFiles files(ContainerPath name, String report) {
    return new StateFiles(
        directory(name).toString(), reports().resolve(report).toString(), gate().toString());
  }
}
