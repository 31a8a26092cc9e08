package bailey.containerfs.tree;

import bailey.ContainerSystem;
import bailey.core.container.ContainerPath;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a hierarchy: its root container.
 *
 * @param tree that it is in
 * @param name of the hierarchy
 * @param above the folder of all hierarchies; null where this is the top
 * @param key made of the name
 */
record HierarchyFolder(Tree tree, String name, @Nullable TopFolder above, long key)
    implements Folder {
  HierarchyFolder(Tree tree, String name, @Nullable TopFolder above) {
    this(tree, name, above, above == null ? 0 : tree.keys().of(name, ContainerPath.ROOT));
  }

  @Override
  public Folder parent() {
    return above == null ? this : above;
  }

  @Override
  public List<FileKind> files() {
    return FileKinds.OF_HIERARCHY;
  }

  @Override
  public Optional<FileKind> file(String file) {
    return FileKinds.in(FileKinds.OF_HIERARCHY, file);
  }

  @Override
  public List<ContainerFolder> folders() {
    return ContainerFolder.allIn(this);
  }

  @Override
  public Optional<ContainerFolder> folder(String child) {
    return ContainerFolder.in(this, child);
  }

  @Override
  public Optional<Node> former(String child) {
    return ContainerFolder.formerIn(this, child);
  }

  @Override
  public Folder make(String child) {
    return ContainerFolder.make(this, child);
  }

  @Override
  public void remove(String child) {
    ContainerFolder.remove(this, child);
  }

  @Override
  public boolean isLasting() {
    return name.equals(ContainerSystem.DEFAULT_HIERARCHY);
  }

  @Override
  public boolean exists() {
    return tree().hierarchy(name).isPresent();
  }

  @Override
  public ContainerSystem system() {
    return tree().needHierarchy(name);
  }

  @Override
  public ContainerPath path() {
    return ContainerPath.ROOT;
  }
}
