package bailey.containerfs.tree;

import bailey.ContainerKeys;
import bailey.ContainerSystem;
import bailey.containerfs.wire.Attributes;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import java.util.List;
import java.util.Optional;

/**
 * Where the views of guests are, which are mounted into boundaries: not listed, and each called by
 * the number of its container, so that a guest that looks at its mounts learns no name of outside.
 *
 * @param parent the top
 */
record ViewsFolder(Folder parent) implements Folder {
  /** Its name at the top. */
  static final String NAME = ".view";

  /** Its number: no container's, which have a bit less. */
  static final long KEY = 1L << ContainerKeys.BITS;

  private static final int PASS = 0111;

  @Override
  public Tree tree() {
    return parent.tree();
  }

  @Override
  public long key() {
    return KEY;
  }

  @Override
  public boolean isWatched() {
    return false;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Attributes attributes() {
    return new Attributes(id(), Attributes.DIRECTORY | PASS, uid(), gid(), 0, modified());
  }

  @Override
  public List<FileKind> files() {
    return List.of();
  }

  @Override
  public Optional<FileKind> file(String name) {
    return Optional.empty();
  }

  @Override
  public List<Folder> folders() {
    return List.of();
  }

  /** Also of a container that is being made: what it is for is being made with it. */
  @Override
  public Optional<Folder> folder(String name) {
    boolean proc = name.endsWith(ProcFolder.SUFFIX);
    long key =
        ContainerKeys.parse(
            proc ? name.substring(0, name.length() - ProcFolder.SUFFIX.length()) : name);
    return key == 0
        ? Optional.empty()
        : Optional.of(proc ? ProcFolder.of(this, key) : GuestFolder.of(this, key));
  }

  @Override
  public Folder make(String name) {
    throw new FileRefused(Errno.EPERM, "cannot make " + name + ": views are there by themselves");
  }

  @Override
  public void remove(String name) {
    throw new FileRefused(
        Errno.EPERM, "cannot remove " + name + ": a view goes with its container");
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public ContainerSystem system() {
    return parent.system();
  }

  @Override
  public ContainerPath path() {
    return ContainerPath.ROOT;
  }
}
