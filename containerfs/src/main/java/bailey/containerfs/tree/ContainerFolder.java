package bailey.containerfs.tree;

import bailey.ContainerSystem;
import bailey.Owner;
import bailey.containerfs.wire.Attributes;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.List;
import java.util.Optional;

/**
 * The folder of a container.
 *
 * @param parent the folder of the container or hierarchy that it is in
 * @param path of the container
 * @param key made of both
 */
record ContainerFolder(Folder parent, ContainerPath path, long key) implements Folder {
  ContainerFolder(Folder parent, ContainerPath path) {
    this(parent, path, parent.tree().keys().of(hierarchy(parent), path));
  }

  /** Those in a folder, now; the same list as before where they are the same. */
  static List<ContainerFolder> allIn(Folder parent) {
    return parent.told(
        () -> parent.tree().folders().of(parent, parent.system().names(parent.path())));
  }

  /** That of a name in a folder. */
  static Optional<ContainerFolder> in(Folder parent, String name) {
    try {
      var path = parent.path().child(name);
      return parent
          .told(() -> parent.system().find(path.toString()))
          .map(_ -> new ContainerFolder(parent, path));
    } catch (BadRequest _) {
      return Optional.empty(); // no container could be called so
    }
  }

  /** That of a name in a folder, whether it is there or not. */
  static Optional<Node> formerIn(Folder parent, String name) {
    try {
      return Optional.of(new ContainerFolder(parent, parent.path().child(name)));
    } catch (BadRequest _) {
      return Optional.empty(); // no container could be called so
    }
  }

  /**
   * A container with groups of its own and the namespaces of whoever is put into it; what somebody
   * who is gone has left half made is made anew.
   */
  static ContainerFolder make(Folder parent, String name) {
    var path = parent.path().child(name);
    var spec = ContainerSpec.builder().name(path.toString()).removed(false).detached(true);
    for (var kind : NamespaceKind.values()) {
      if (kind != NamespaceKind.USER && kind != NamespaceKind.TIME) {
        spec.namespace(kind, NamespaceRequest.SHARED);
      }
    }
    var system = parent.system();
    try {
      var _ = system.create(spec.build());
    } catch (ContainerBusy busy) {
      throw system.find(path.toString()).isEmpty()
          ? busy
          : new FileRefused(Errno.EEXIST, String.valueOf(busy.getMessage()));
    }
    return new ContainerFolder(parent, path);
  }

  /** Removes a container in which nothing runs, and that has none in it. */
  static void remove(Folder parent, String name) {
    var path = parent.path().child(name);
    var system = parent.system();
    try {
      system.remove(path);
    } catch (NoSuchContainer gone) {
      throw FileRefused.of(gone);
    } catch (ContainerBusy busy) {
      throw system.names(path).isEmpty()
          ? busy
          : new FileRefused(Errno.ENOTEMPTY, String.valueOf(busy.getMessage()));
    }
  }

  @Override
  public Tree tree() {
    return parent.tree();
  }

  private static String hierarchy(Folder parent) {
    var above = parent;
    while (above instanceof ContainerFolder inner) {
      above = inner.parent();
    }
    return above.name();
  }

  @Override
  public String name() {
    return path.name();
  }

  @Override
  public List<FileKind> files() {
    return told(() -> FileKinds.of(container()));
  }

  @Override
  public Optional<FileKind> file(String name) {
    return told(() -> FileKinds.of(container(), name));
  }

  @Override
  public List<ContainerFolder> folders() {
    return allIn(this);
  }

  @Override
  public Optional<ContainerFolder> folder(String name) {
    return in(this, name);
  }

  @Override
  public Optional<Node> former(String name) {
    var file = FileKinds.named(name);
    return file.isPresent() ? Optional.of(new Leaf(this, file.get())) : formerIn(this, name);
  }

  @Override
  public Folder make(String name) {
    return make(this, name);
  }

  @Override
  public void remove(String name) {
    remove(this, name);
  }

  @Override
  public boolean exists() {
    return told(() -> system().find(path.toString()).isPresent());
  }

  /**
   * That of when it was made: the kernel lets nobody into a directory again that was removed by it,
   * which it is for as long as somebody has a file of it open (IS_DEADDIR()).
   */
  @Override
  public int generation() {
    return told(() -> Long.hashCode(system().incarnation(path)) & Integer.MAX_VALUE);
  }

  @Override
  public Owner owner() {
    return system().owner(path).orElseGet(() -> new Owner(tree().uid(), tree().gid(), false));
  }

  /** Of what was given to a user the limits stay root's; of what he has made they are his. */
  @Override
  public Owner owner(FileKind kind) {
    var owner = owner();
    return owner.uid() == tree().uid() || FileKinds.isOfOwner(kind, owner.made())
        ? owner
        : new Owner(tree().uid(), tree().gid(), false);
  }

  @Override
  public int uid() {
    return owner().uid();
  }

  @Override
  public int gid() {
    return owner().gid();
  }

  @Override
  public Attributes attributes() {
    var owner = owner();
    return new Attributes(
        id(), Attributes.DIRECTORY | 0755, owner.uid(), owner.gid(), 0, modified());
  }

  /** The outermost of the containers around it that are its owner's too, or it itself. */
  ContainerFolder outermost() {
    int uid = uid();
    var found = this;
    while (found.parent() instanceof ContainerFolder above && above.uid() == uid) {
      found = above;
    }
    return found;
  }

  @Override
  public boolean isOutside() {
    return true;
  }

  @Override
  public ContainerSystem system() {
    return parent.system();
  }
}
