package bailey.containerfs.tree;

import bailey.Container;
import bailey.ContainerKeys;
import bailey.ContainerSystem;
import bailey.Inside;
import bailey.containerfs.wire.Attributes;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.ContainerException;
import java.util.List;
import java.util.Optional;

/**
 * A container with a boundary as its guest sees it, or a container that the guest has in it: the
 * boundary is the root, its limits are there to be read, those of what is in it are the guest's.
 *
 * @param views where it is found
 * @param boundary the number of the boundary
 * @param inside the name inside; the root for the boundary itself
 * @param key made of both
 */
record GuestFolder(ViewsFolder views, long boundary, ContainerPath inside, long key)
    implements Folder {
  private static final String SEPARATOR = "\0";

  /** In the upper half of all numbers, so that it is no container's own. */
  GuestFolder(ViewsFolder views, long boundary, ContainerPath inside) {
    this(
        views,
        boundary,
        inside,
        ViewsFolder.KEY | views.tree().keys().of(SEPARATOR + boundary, inside));
  }

  /** The view of a boundary. */
  static GuestFolder of(ViewsFolder views, long boundary) {
    return new GuestFolder(views, boundary, ContainerPath.ROOT);
  }

  @Override
  public Tree tree() {
    return views.tree();
  }

  @Override
  public String place() {
    return (inside.isRoot() ? views : parent()).place() + "/" + name();
  }

  @Override
  public Optional<Node> former(String name) {
    try {
      return Optional.of(in(name));
    } catch (BadRequest _) {
      return Optional.empty(); // no container could be called so
    }
  }

  @Override
  public Folder parent() {
    return inside
        .parent()
        .<Folder>map(above -> new GuestFolder(views, boundary, above))
        .orElse(this);
  }

  @Override
  public String name() {
    return inside.isRoot() ? ContainerKeys.text(boundary) : inside.name();
  }

  /** The boundary, from outside. */
  private Folder outside() {
    return tree().container(boundary);
  }

  Inside view() {
    return outside().container().inside();
  }

  /** The name inside, as the library wants it. */
  Optional<String> named() {
    return inside.isRoot() ? Optional.empty() : Optional.of(inside.toString());
  }

  @Override
  public ContainerSystem system() {
    return outside().system();
  }

  @Override
  public ContainerPath path() {
    var path = outside().path();
    for (var component : inside.components()) {
      path = path.child(component);
    }
    return path;
  }

  /** The guest's root; while the container is being made, the machine's. */
  @Override
  public int uid() {
    try {
      return view().owner();
    } catch (ContainerException | FileRefused _) {
      return tree().uid();
    }
  }

  @Override
  public int gid() {
    return uid();
  }

  @Override
  public Attributes attributes() {
    int owner = uid();
    return new Attributes(id(), Attributes.DIRECTORY | 0755, owner, owner, 0, modified());
  }

  @Override
  public List<FileKind> files() {
    return told(() -> FileKinds.ofGuest(container(), inside.isRoot()));
  }

  @Override
  public Optional<FileKind> file(String name) {
    return told(() -> FileKinds.in(files(), name));
  }

  @Override
  public List<GuestFolder> folders() {
    return told(
        () ->
            container().children().stream()
                .map(Container::name)
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .map(this::in)
                .toList());
  }

  private GuestFolder in(String name) {
    return new GuestFolder(views, boundary, inside.child(name));
  }

  @Override
  public Optional<GuestFolder> folder(String name) {
    try {
      return Optional.of(in(name)).filter(GuestFolder::exists);
    } catch (BadRequest _) {
      return Optional.empty(); // no container could be called so
    }
  }

  @Override
  public Folder make(String name) {
    var made = in(name);
    if (made.exists()) {
      throw new FileRefused(
          Errno.EEXIST, "cannot make " + name + ": the name is in use; choose another");
    }
    view().make(named(), name);
    return made;
  }

  @Override
  public void remove(String name) {
    var gone = in(name);
    if (!gone.exists()) {
      throw new FileRefused(Errno.ENOENT, name + ": no such container");
    }
    if (!gone.folders().isEmpty()) {
      throw new FileRefused(
          Errno.ENOTEMPTY, "cannot remove " + name + ": containers are in it; remove them first");
    }
    try {
      view().remove(gone.inside().toString());
    } catch (ContainerBusy e) {
      throw FileRefused.of(e);
    }
  }

  @Override
  public boolean exists() {
    return told(() -> outside().system().find(path().toString()).isPresent());
  }
}
