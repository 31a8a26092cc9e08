package bailey.engine.journal;

import bailey.ContainerKeys;
import bailey.core.container.Bindings;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.StateDamaged;
import bailey.core.planner.StateFiles;
import bailey.core.spec.NamespaceKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that bailey keeps its state in: owned by its user, closed to others. Whoever can write
 * to it can make bailey remove containers, so it is refused where another could.
 */
public final class StateDirectory {
  private static final String CONTAINERS = "containers";
  private static final String REPORTS = "reports";
  private static final String GATE = "gate";
  private static final String RELEASE_AGENT = "release_agent";

  /** Where the hierarchy that tracks tasks is mounted. */
  private static final String GROUPS = "cgroup";

  private static final String HIERARCHIES = "hierarchies";
  private static final String MOVE = "move";
  private static final String SECRET = "secret";
  private static final int OTHERS_WRITE = 022;
  private static final int PERMISSIONS = 07777;

  private final Path root;
  private final String name;
  private final Path top;
  private final Path bindings;

  private StateDirectory(Path root, String name, Path top, Path bindings) {
    this.root = root;
    this.name = name;
    this.top = top;
    this.bindings = bindings;
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
    return opened(new StateDirectory(root, Bindings.DEFAULT, root, bindings(root)));
  }

  private static StateDirectory opened(StateDirectory state) {
    for (var folder : List.of(state.containers(), state.reports())) {
      make(folder);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(state.root, folder + " is no directory", "remove that");
      }
    }
    makeFile(state.gate());
    return state;
  }

  private static void makeFile(Path path) {
    try {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException _) {
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(path.resolveSibling(""), path + " is no plain file", "remove that");
      }
    } catch (IOException e) {
      throw failure("making", path, e);
    }
  }

  /** The file there is; of several, which a crash may leave, the one of the last change. */
  private static Path bindings(Path top) {
    long last = -1;
    var names = top.toFile().list();
    for (var file : names == null ? new String[0] : names) {
      last = Math.max(last, HierarchyRecord.number(file));
    }
    var path = top.resolve(HierarchyRecord.file(Math.max(0, last)));
    if (last < 0) {
      makeFile(path);
    }
    return path;
  }

  /** The same directory, with the hierarchies as they are now. */
  public StateDirectory again() {
    return new StateDirectory(root, name, top, bindings(top));
  }

  /** The directory that a user names: that of the default hierarchy. */
  public Path top() {
    return top;
  }

  /** The program that is run where a container that got empty is to notify; empty text: none. */
  public String releaseAgent() {
    return Journal.content(root.resolve(RELEASE_AGENT)).map(String::strip).orElse("");
  }

  /** Sets that program. */
  public void releaseAgent(String program) {
    write(root.resolve(RELEASE_AGENT), program.isEmpty() ? Optional.empty() : Optional.of(program));
  }

  /** What was said is to be done when a container gets empty; empty where nothing was. */
  public Optional<String> onEmpty(ContainerPath name) {
    return Journal.content(directory(name).resolve(StateFiles.ON_EMPTY)).map(String::strip);
  }

  /** Says it, or takes back what was said. */
  public void onEmpty(ContainerPath name, Optional<String> text) {
    write(directory(name).resolve(StateFiles.ON_EMPTY), text);
  }

  /** Replaces the record of what a container is meant to be. */
  public void intent(ContainerPath name, String text) {
    replace(directory(name).resolve(StateFiles.INTENT), text);
  }

  /** A small file, whole or not at all; not there where {@code text} is empty. */
  private static void write(Path path, Optional<String> text) {
    if (text.isPresent()) {
      replace(path, text.get() + "\n");
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw failure("removing", path, e);
    }
  }

  private static void replace(Path path, String text) {
    try {
      var fresh = path.resolveSibling(path.getFileName() + ".new");
      Files.writeString(fresh, text);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure("writing", path, e);
    }
  }

  /**
   * What is in the state directory of a hierarchy, inner ones first, as absolute paths; directories
   * end with a slash. Without what is mounted in it.
   */
  public List<String> filesOf(String hierarchy) {
    var files = new ArrayList<String>();
    collect(hierarchyRoot(hierarchy), files);
    return files;
  }

  private static void collect(Path directory, List<String> files) {
    try (var entries = Files.newDirectoryStream(directory)) {
      for (var entry : entries) {
        if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          files.add(entry.toString());
        } else if (!String.valueOf(entry.getFileName()).equals(GROUPS)) {
          collect(entry, files);
          files.add(entry + "/");
        }
      }
    } catch (NoSuchFileException _) {
      // removed meanwhile
    } catch (IOException e) {
      throw failure("listing", directory, e);
    }
  }

  /** The hierarchies that have a state directory, whether they are bound or not. */
  public List<String> hierarchyDirectories() {
    var names = top.resolve(HIERARCHIES).toFile().list();
    return names == null ? List.of() : List.of(names);
  }

  /**
   * The numbers of containers, which guests cannot foresee.
   *
   * @throws StateDamaged if their secret can be neither made nor read
   */
  public ContainerKeys keys() {
    return new ContainerKeys(SecretFile.read(top, SECRET));
  }

  /** The name of the hierarchy whose containers are recorded here. */
  public String hierarchy() {
    return name;
  }

  /**
   * Which subsystems are bound to which hierarchy, as it was when this was opened.
   *
   * @throws StateDamaged if that cannot be read
   */
  public HierarchyRecord hierarchies() {
    return HierarchyRecord.parse(bindings.toString(), Journal.content(bindings).orElse(""));
  }

  /** Whether that is still so. */
  public boolean isCurrent() {
    return bindings.toFile().exists();
  }

  /** Where a hierarchy of that name keeps its state, whether it is there or not. */
  public Path hierarchyRoot(String hierarchy) {
    return top.resolve(HIERARCHIES).resolve(hierarchy);
  }

  /** The state directory of a hierarchy that is mounted. */
  public StateDirectory of(String hierarchy) {
    return hierarchy.equals(Bindings.DEFAULT)
        ? new StateDirectory(top, hierarchy, top, bindings)
        : opened(new StateDirectory(hierarchyRoot(hierarchy), hierarchy, top, bindings));
  }

  /** The file that says what is bound where. */
  public Path bindings() {
    return bindings;
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

  /** That the file system refused something. */
  public static StateDamaged failure(String what, Path path, IOException e) {
    return new StateDamaged(what + " " + path + " failed: " + reason(path, e), e);
  }

  /** The JDK says some errors by its exceptions' classes, and the others by the system's words. */
  private static String reason(Path path, IOException e) {
    return switch (e) {
      case NoSuchFileException _ ->
          "ENOENT (no such file or directory); make the folder that it is in, or give another by"
              + " BAILEY_STATE";
      case AccessDeniedException _ ->
          "EACCES (permission denied); give a folder of your own by BAILEY_STATE";
      default -> {
        var words = e.getMessage();
        yield words == null || words.equals(path.toString())
            ? e.getClass().getSimpleName()
            : words.replace(path + ": ", "");
      }
    };
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
   * The file that a move of running tasks is recorded in while it is on its way; the same for all
   * hierarchies, because what is moved is held in one of the kernel's.
   */
  public Path move() {
    return top().resolve(MOVE);
  }

  /**
   * Does something while no container can be made or removed, if nobody is making or removing one
   * at this moment.
   */
  public void withGateIfFree(Runnable action) {
    withIfFree(gate(), action);
  }

  /** Does something while no running task can be moved, if none is being moved at this moment. */
  public void withMoveIfFree(Runnable action) {
    withIfFree(move(), action);
  }

  private static void withIfFree(Path file, Runnable action) {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock != null) {
        action.run();
      }
    } catch (OverlappingFileLockException | NoSuchFileException _) {
      // another thread of this process has it, or the state directory is gone
    } catch (IOException e) {
      throw failure("locking", file, e);
    }
  }

  /** Does something while no container can be made or removed; waits until nobody does. */
  public void withGate(Runnable action) {
    try (var channel = FileChannel.open(gate(), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      if (lock.isValid()) {
        action.run();
      }
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
   * The file that holds a container's namespace of a kind without a task; empty if there is none.
   */
  public Optional<String> held(ContainerPath name, NamespaceKind kind) {
    var path = directory(name).resolve(StateFiles.NAMESPACES).resolve(kind.file());
    return Files.isRegularFile(path) ? Optional.of(path.toString()) : Optional.empty();
  }

  /** The container in whose directory a namespace is held; empty where it is in none. */
  public Optional<ContainerPath> holder(String mount) {
    var above = containers() + "/";
    int end = mount.lastIndexOf("/" + StateFiles.NAMESPACES + "/");
    return mount.startsWith(above) && end > above.length()
        ? ContainerPath.ofDirectory(mount.substring(above.length(), end))
        : Optional.empty();
  }

  /**
   * Where a container is recorded.
   *
   * @param report the name of the file for its end
   */
  public StateFiles files(ContainerPath name, String report) {
    return new StateFiles(
        directory(name).toString(),
        reports().resolve(report).toString(),
        gate().toString(),
        bindings.toString());
  }
}
