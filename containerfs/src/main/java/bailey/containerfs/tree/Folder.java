package bailey.containerfs.tree;

import bailey.Container;
import bailey.ContainerSystem;
import bailey.containerfs.wire.Attributes;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A directory: the top, a hierarchy, or a container. */
public sealed interface Folder extends Node
    permits TopFolder, HierarchyFolder, ContainerFolder, ViewsFolder, GuestFolder, ProcFolder {
  /** The tree that it is in. */
  Tree tree();

  /** What tells it from other folders: 47 bits; 0 is the top's. */
  long key();

  /** The folder that it is in; the top is in itself. */
  Folder parent();

  /** Its name in that. */
  String name();

  /** The files that it has now. */
  List<FileKind> files();

  /** The file of that name, where it has it. */
  Optional<FileKind> file(String name);

  /** The folders in it, now. */
  List<? extends Folder> folders();

  /** The folder of that name in it. */
  Optional<? extends Folder> folder(String name);

  /** Makes a folder in it. */
  Folder make(String name);

  /** Removes a folder in it. */
  void remove(String name);

  /** Whether what it stands for is there. */
  boolean exists();

  /** Whether it is there for as long as the mount. */
  default boolean isLasting() {
    return key() == 0;
  }

  /** Whether it is a container's as the machine sees it. */
  default boolean isOutside() {
    return false;
  }

  /** The containers that it is about. */
  ContainerSystem system();

  /** The container that it is about; the root for a hierarchy. */
  ContainerPath path();

  /**
   * The container itself.
   *
   * @throws FileRefused where it is gone, or this is none's
   */
  default Container container() {
    return system()
        .find(path().toString())
        .orElseThrow(() -> new FileRefused(Errno.ENOENT, path() + ": no such container"));
  }

  @Override
  default long id() {
    return key() == 0 ? ROOT : key() << FileKind.BITS;
  }

  /** Who owns it. */
  default int uid() {
    return tree().uid();
  }

  /** Whose group it has. */
  default int gid() {
    return tree().gid();
  }

  /** When it last changed, nanoseconds since 1970. */
  default long modified() {
    return tree().started();
  }

  @Override
  default Attributes attributes() {
    return new Attributes(id(), Attributes.DIRECTORY | 0755, uid(), gid(), 0, modified());
  }

  /** The node of a name in it. */
  default Optional<Node> lookup(String name) {
    if (name.equals(ViewsFolder.NAME) && key() == 0) {
      return Optional.of(tree().remember(new ViewsFolder(this)));
    }
    var file = file(name);
    return file.isPresent()
        ? Optional.of(new Leaf(this, file.get()))
        : folder(name).map(found -> tree().remember(found));
  }

  /** Does something; what refuses it becomes an error number. */
  default <T> T told(Supplier<T> action) {
    try {
      return action.get();
    } catch (ContainerException e) {
      throw FileRefused.of(e);
    }
  }

  /** As {@link #told}, and what refuses it is kept for {@code container.last_error}. */
  default <T> T toldAlways(Supplier<T> action) {
    try {
      T done = told(action);
      tree().lastError(this, "");
      return done;
    } catch (FileRefused e) {
      tree().lastError(this, String.valueOf(e.getMessage()));
      throw e;
    }
  }
}
