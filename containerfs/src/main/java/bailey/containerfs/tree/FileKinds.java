package bailey.containerfs.tree;

import bailey.Container;
import bailey.core.abi.Errno;
import bailey.core.container.Access;
import bailey.core.container.ControlFile;
import bailey.core.container.Subsystem;
import bailey.core.container.View;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** All kinds of files, in a fixed order, and which folder has which. */
final class FileKinds {
  /** Ends the name of a limit's value from inside of a boundary. */
  static final String INTERNAL = ".internal";

  /** Ends the name of what holds of both values of a limit. */
  static final String EFFECTIVE = ".effective";

  private static final List<FileKind> ALL = new ArrayList<>();
  private static final Map<String, FileKind> BY_NAME = new HashMap<>();

  static final List<FileKind> OF_TOP = List.of(add(TopFiles.LAST_ERROR));
  static final List<FileKind> OF_HIERARCHY = all(HierarchyFiles.ALL);

  private static final List<FileKind> OF_CONTAINER = all(ContainerFiles.ALL);

  private static final List<FileKind> OF_GUEST = all(GuestFiles.OF_BOUNDARY);
  private static final List<FileKind> IN_GUEST = all(GuestFiles.OF_INNER);
  static final List<FileKind> OF_PROC = all(ProcFiles.ALL);
  private static final Map<String, FileKind> GUEST_BY_NAME = new HashMap<>();
  private static final Set<Integer> FIGURES = new HashSet<>();

  /** What the owner of a container that he has made sets, besides its processes. */
  private static final Set<String> OF_MAKER =
      new HashSet<>(Set.of("container.apply", "container.kill"));

  private static final Set<String> TOLD = Set.of("container.events", "container.state");

  static {
    Subsystems.standard().all().stream()
        .map(Subsystem::controlFiles)
        .forEach(files -> files.forEach(FileKinds::add));
  }

  static {
    Subsystems.standard().controllers().stream()
        .flatMap(controller -> controller.controlFiles().stream())
        .map(ControlFile::name)
        .forEach(OF_MAKER::add);
  }

  private FileKinds() {}

  /** A file without its place among all. */
  record Unplaced(String name, Access access, FileKind.Reader reader, FileKind.Writer writer) {
    /** One that reports. */
    static Unplaced report(String name, FileKind.Reader reader) {
      return new Unplaced(name, Access.READ, reader, FileKind.UNWRITABLE);
    }

    /** One that does something. */
    static Unplaced command(String name, FileKind.Writer writer) {
      return new Unplaced(name, Access.WRITE, FileKind.UNREADABLE, writer);
    }

    /** One that is read and set. */
    static Unplaced setting(String name, FileKind.Reader reader, FileKind.Writer writer) {
      return new Unplaced(name, Access.READ_WRITE, reader, writer);
    }
  }

  private static FileKind add(Unplaced file) {
    if (ALL.size() >= FileKind.MOST) {
      throw new IllegalStateException("more than " + FileKind.MOST + " kinds of control files");
    }
    var kind = new FileKind(ALL.size(), file.name(), file.access(), file.reader(), file.writer());
    ALL.add(kind);
    return kind;
  }

  private static List<FileKind> all(List<Unplaced> files) {
    return files.stream().map(FileKinds::add).toList();
  }

  private static void add(ControlFile file) {
    register(
        new Unplaced(
            file.name(),
            file.external(),
            file.external().readable()
                ? (folder, _) -> folder.tree().controls().read(folder, of(file)) + "\n"
                : FileKind.UNREADABLE,
            file.external().writable()
                ? (folder, text, _) -> folder.tree().controls().set(folder, of(file), text)
                : FileKind.UNWRITABLE));
    if (file.external() == Access.READ) {
      FIGURES.add(of(file).index());
    }
    GUEST_BY_NAME.put(file.name(), add(GuestFiles.held(file)));
    if (file.isLimit()) {
      GUEST_BY_NAME.put(file.name() + INTERNAL, add(GuestFiles.own(file)));
      register(
          Unplaced.setting(
              file.name() + INTERNAL,
              (folder, _) -> folder.container().get(file.name(), View.INTERNAL) + "\n",
              (folder, text, _) -> folder.container().set(file.name(), text, View.INTERNAL)));
      register(
          Unplaced.report(
              file.name() + EFFECTIVE,
              (folder, _) -> folder.container().effective(file.name()) + "\n"));
    }
  }

  /**
   * Whether it belongs to the user to whom a container is delegated. Namespaces are not among it:
   * what they are in does not bound them.
   *
   * @param made whether he has made it
   */
  static boolean isOfOwner(FileKind kind, boolean made) {
    return kind.name().equals("procs") || (made && isOfMaker(kind.name()));
  }

  /** Whether the user who has made a container may set it. */
  static boolean isOfMaker(String name) {
    return OF_MAKER.contains(name);
  }

  /** Whether it is a control file from outside that only reports. */
  static boolean isFigure(FileKind kind) {
    return kind.access() == Access.READ && FIGURES.contains(kind.index());
  }

  /** The kind of a control file from outside. */
  private static FileKind of(ControlFile file) {
    return Objects.requireNonNull(BY_NAME.get(file.name()));
  }

  private static void register(Unplaced file) {
    BY_NAME.put(file.name(), add(file));
  }

  /** The kind at a place. */
  static FileKind at(int index) {
    if (index < 0 || index >= ALL.size()) {
      throw new FileRefused(Errno.ESTALE, "there is no such kind of file");
    }
    return ALL.get(index);
  }

  /** Of some files the one of that name. */
  static Optional<FileKind> in(List<FileKind> files, String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /** The files of a container. */
  static List<FileKind> of(Container container) {
    var found = new ArrayList<>(OF_CONTAINER);
    boolean sides = container.hasBoundary();
    for (var file : container.controlFiles()) {
      put(file.name(), found);
      if (sides && file.isLimit()) {
        put(file.name() + INTERNAL, found);
        put(file.name() + EFFECTIVE, found);
      }
    }
    return found;
  }

  /** The files of a boundary as its guest sees it, or of a container that the guest has in it. */
  static List<FileKind> ofGuest(Container container, boolean boundary) {
    var found = new ArrayList<>(boundary ? OF_GUEST : IN_GUEST);
    for (var file : container.controlFiles()) {
      if (file.internal().readable()) {
        put(boundary ? GUEST_BY_NAME : BY_NAME, file.name(), found);
      }
      if (boundary && file.isLimit()) {
        put(GUEST_BY_NAME, file.name() + INTERNAL, found);
      }
    }
    return found;
  }

  private static void put(String name, List<FileKind> into) {
    put(BY_NAME, name, into);
  }

  private static void put(Map<String, FileKind> kinds, String name, List<FileKind> into) {
    var kind = kinds.get(name);
    if (kind != null) {
      into.add(kind);
    }
  }

  /** The kind of file of that name that containers may have. */
  static Optional<FileKind> named(String name) {
    var own = in(OF_CONTAINER, name);
    return own.isPresent() ? own : Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * Whether who watches its directory is told when it changes: of what is set, and of what is there
   * to be waited for. Figures always change.
   */
  static boolean isTold(FileKind kind) {
    return kind.access().readable()
        && !kind.name().equals("tasks")
        && (kind.access().writable() || TOLD.contains(kind.name()));
  }

  /** The file of that name of a container. */
  static Optional<FileKind> of(Container container, String name) {
    var own = in(OF_CONTAINER, name);
    if (own.isPresent()) {
      return own;
    }
    return BY_NAME.containsKey(name) ? in(of(container), name) : Optional.empty();
  }
}
