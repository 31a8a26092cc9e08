package bailey.containerfs.tree;

import bailey.core.container.ContainerPath;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folders in folders, for as long as the names of their containers are the same. Any thread.
 */
final class FolderLists {
  /** Of so few it is no work to make them anew. */
  private static final int FEW = 16;

  private static final int MOST = 64;

  private final Map<Long, Listed> lists = new ConcurrentHashMap<>();

  private record Listed(List<ContainerPath> names, List<ContainerFolder> folders) {}

  /**
   * Those of containers.
   *
   * @param names of them, the same object where they are the same as before
   */
  List<ContainerFolder> of(Folder parent, List<ContainerPath> names) {
    var known = lists.get(parent.key());
    if (known != null && known.names.equals(names)) {
      return known.folders;
    }
    var folders = names.stream().map(name -> new ContainerFolder(parent, name)).toList();
    if (names.size() < FEW) {
      lists.remove(parent.key());
      return folders;
    }
    if (lists.size() >= MOST) {
      lists.clear();
    }
    lists.put(parent.key(), new Listed(names, folders));
    return folders;
  }
}
