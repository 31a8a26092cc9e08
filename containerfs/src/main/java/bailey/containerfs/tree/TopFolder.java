package bailey.containerfs.tree;

import bailey.ContainerSystem;
import bailey.HierarchyInfo;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import java.util.List;
import java.util.Optional;

/** The folder of all hierarchies. */
record TopFolder(Tree tree) implements Folder {
  @Override
  public long key() {
    return 0;
  }

  @Override
  public Folder parent() {
    return this;
  }

  @Override
  public String name() {
    return "";
  }

  @Override
  public List<FileKind> files() {
    return FileKinds.OF_TOP;
  }

  @Override
  public Optional<FileKind> file(String name) {
    return FileKinds.in(FileKinds.OF_TOP, name);
  }

  @Override
  public List<HierarchyFolder> folders() {
    return tree().system().hierarchies().stream()
        .map(HierarchyInfo::name)
        .map(name -> new HierarchyFolder(tree(), name, this))
        .toList();
  }

  @Override
  public Optional<HierarchyFolder> folder(String name) {
    return Optional.of(new HierarchyFolder(tree(), name, this)).filter(HierarchyFolder::exists);
  }

  @Override
  public Folder make(String name) {
    throw new FileRefused(
        Errno.EPERM,
        "cannot make the hierarchy "
            + name
            + ": a directory cannot say which subsystems it is to have; bailey hierarchy mount "
            + name
            + " -o SUBSYSTEMS");
  }

  @Override
  public void remove(String name) {
    tree().system().unmountHierarchy(name);
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public ContainerSystem system() {
    return tree().system();
  }

  @Override
  public ContainerPath path() {
    return ContainerPath.ROOT;
  }
}
