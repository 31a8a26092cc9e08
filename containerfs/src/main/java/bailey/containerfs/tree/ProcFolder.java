package bailey.containerfs.tree;

import bailey.Container;
import bailey.ContainerKeys;
import bailey.ContainerSystem;
import bailey.containerfs.procview.ContainerView;
import bailey.containerfs.wire.Attributes;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.NoSuchContainer;
import java.util.List;
import java.util.Optional;

/**
 * The files in which a container sees itself in /proc. It is there as soon as somebody asks for it,
 * since the container is being made then. Nobody writes to it.
 *
 * @param views where it is found
 * @param number of the container
 * @param key made of that
 */
record ProcFolder(ViewsFolder views, long number, long key) implements Folder {
  /** Ends its name. */
  static final String SUFFIX = ".proc";

  private static final String SEPARATOR = "\1";

  /** In the upper half of all numbers, so that it is no container's own. */
  ProcFolder(ViewsFolder views, long number) {
    this(
        views,
        number,
        ViewsFolder.KEY | views.tree().keys().of(SEPARATOR + number, ContainerPath.ROOT));
  }

  /** That of a container, whose load averages are looked at from now on. */
  static ProcFolder of(ViewsFolder views, long number) {
    var folder = new ProcFolder(views, number);
    var _ = folder.view();
    return folder;
  }

  @Override
  public Tree tree() {
    return views.tree();
  }

  @Override
  public Folder parent() {
    return views;
  }

  @Override
  public boolean isWatched() {
    return false;
  }

  @Override
  public String name() {
    return ContainerKeys.text(number) + SUFFIX;
  }

  /** What it shows. */
  ContainerView view() {
    return tree().procViews().of(number, this::found);
  }

  private Optional<Container> found() {
    try {
      return Optional.of(tree().container(number).container());
    } catch (FileRefused | NoSuchContainer _) {
      return Optional.empty();
    }
  }

  @Override
  public Attributes attributes() {
    return new Attributes(id(), Attributes.DIRECTORY | 0555, uid(), gid(), 0, modified());
  }

  @Override
  public List<FileKind> files() {
    return FileKinds.OF_PROC;
  }

  @Override
  public Optional<FileKind> file(String name) {
    return FileKinds.in(FileKinds.OF_PROC, name);
  }

  @Override
  public List<Folder> folders() {
    return List.of();
  }

  @Override
  public Optional<Folder> folder(String name) {
    return Optional.empty();
  }

  @Override
  public Folder make(String name) {
    throw new FileRefused(Errno.EPERM, "cannot make " + name + ": these files only report");
  }

  @Override
  public void remove(String name) {
    throw new FileRefused(Errno.EPERM, "cannot remove " + name + ": these files only report");
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public ContainerSystem system() {
    return tree().container(number).system();
  }

  @Override
  public ContainerPath path() {
    return tree().container(number).path();
  }
}
