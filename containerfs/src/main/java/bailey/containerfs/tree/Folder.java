package bailey.containerfs.tree;

import bailey.Container;
import bailey.ContainerSystem;
import bailey.Owner;
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

  /** Where it is below the mount: empty, or a path that begins with a slash. */
  default String place() {
    return key() == 0 ? "" : parent().place() + "/" + name();
  }

  /** Whether somebody may wait for a change of what is in it. */
  default boolean isWatched() {
    return true;
  }

  /** What had a name in it, which is there no more. */
  default Optional<Node> former(String name) {
    return Optional.empty();
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

  /** To whom it is delegated; root, where it is to nobody. */
  default Owner owner() {
    return new Owner(uid(), gid(), false);
  }

  /** Whose one of its files is. */
  default Owner owner(FileKind kind) {
    return owner();
  }

  /**
   * As {@link #make}, for somebody: what a user makes in a container of his is his.
   *
   * @throws FileRefused if it is not his
   */
  default Folder make(String name, Caller caller) {
    allow(caller);
    var made = make(name);
    if (isOutside() && caller.uid() != tree().uid()) {
      made.container().owner(new Owner(caller.uid(), caller.gid(), true));
    }
    return made;
  }

  /** As {@link #remove}, for somebody. */
  default void remove(String name, Caller caller) {
    allow(caller);
    remove(name);
  }

  /**
   * Looks whether somebody may make and remove containers in it. The kernel has looked at modes and
   * owners, which it may remember from before they changed.
   */
  private void allow(Caller caller) {
    if (isOutside() && caller.uid() != tree().uid() && caller.uid() != owner().uid()) {
      throw new FileRefused(
          Errno.EPERM,
          path() + " is not delegated to user " + Integer.toUnsignedString(caller.uid()));
    }
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
