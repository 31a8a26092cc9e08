package bailey.containerfs.tree;

import bailey.ContainerKeys;
import bailey.ContainerSystem;
import bailey.HierarchyInfo;
import bailey.containerfs.procview.ProcViews;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerException;
import bailey.core.error.NoSuchContainer;
import bailey.core.kernel.ProcFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that is served. What it remembers of nodes is only what spares looking for them: a number
 * that it does not know is looked for among the names that are there.
 */
public final class Tree {
  private static final int MOST_ERRORS = 10_000;

  private final ContainerSystem system;
  private final ContainerKeys keys;
  private final Folder top;
  private final int uid;
  private final int gid;
  private final long started;
  private final Map<String, ContainerSystem> hierarchies = new ConcurrentHashMap<>();
  private final Map<Long, Folder> known = new ConcurrentHashMap<>();
  private final ProcViews procViews;
  private final OpenControls controls = new OpenControls();
  private final FolderLists folders = new FolderLists();
  private final Map<Long, Integer> renewals = new ConcurrentHashMap<>();
  private volatile int generation;
  private final Map<Long, String> errors = new ConcurrentHashMap<>();

  /**
   * A tree.
   *
   * @param hierarchy the one whose containers are at the top; empty: all, as folders
   * @param started when it was mounted, nanoseconds since 1970
   */
  public Tree(ContainerSystem system, Optional<String> hierarchy, int uid, int gid, long started) {
    this.system = system;
    this.keys = system.keys();
    this.uid = uid;
    this.gid = gid;
    this.started = started;
    this.procViews =
        new ProcViews(System::nanoTime, () -> system.text(ProcFile.UPTIME).orElse("0.00 0.00"));
    this.top =
        hierarchy.isPresent()
            ? new HierarchyFolder(this, hierarchy.get(), null)
            : new TopFolder(this);
  }

  /** The containers of the default hierarchy, and the way to the others. */
  ContainerSystem system() {
    return system;
  }

  /** The numbers of containers. */
  ContainerKeys keys() {
    return keys;
  }

  /** Root. */
  public int uid() {
    return uid;
  }

  int gid() {
    return gid;
  }

  long started() {
    return started;
  }

  /** What containers are shown of themselves in /proc. */
  ProcViews procViews() {
    return procViews;
  }

  /** Another served before: looks for the containers that see themselves in /proc. */
  public void findViews() {
    var views = new ViewsFolder(top);
    for (var root : roots()) {
      for (var container : root.system().containers()) {
        try {
          if (container.seesItself()) {
            var path = ContainerPath.parse("container", container.name());
            var _ = ProcFolder.of(views, keys().of(root.name(), path));
          }
        } catch (ContainerException _) {
          // its record cannot be read: it is found when somebody reads
        }
      }
    }
  }

  /** Nobody is served any more. */
  public void end() {
    procViews.close();
    controls.close();
  }

  /** The folder at the top. */
  public Folder top() {
    return top;
  }

  /** The containers of a hierarchy, if it is mounted. */
  Optional<ContainerSystem> hierarchy(String name) {
    var found = hierarchies.get(name);
    if (found != null && found.isMounted()) {
      return Optional.of(found);
    }
    try {
      var fresh = system.hierarchy(name);
      hierarchies.put(name, fresh);
      return Optional.of(fresh);
    } catch (NoSuchContainer _) {
      hierarchies.remove(name);
      return Optional.empty();
    }
  }

  ContainerSystem needHierarchy(String name) {
    return hierarchy(name)
        .orElseThrow(
            () -> new FileRefused(Errno.ENOENT, "the hierarchy " + name + " is not mounted"));
  }

  /** Notes that the kernel knows a folder. */
  public Folder remember(Folder folder) {
    known.put(folder.key(), folder);
    return folder;
  }

  /** The kernel knows a node no more. */
  public void forget(long id) {
    if ((id & FileKind.MASK) == 0) {
      known.remove(id >>> FileKind.BITS);
    }
  }

  /** The folders in folders. */
  FolderLists folders() {
    return folders;
  }

  /**
   * Which server of the mount this is: figures have other numbers with each, since the kernel may
   * have an inode of the one before that is passed through to a file that this one does not know.
   */
  public void generation(int number) {
    generation = number;
  }

  /**
   * Has a figure have another number from now on: the inode that it had is passed through to a file
   * that is gone, for as long as somebody has it open. Who still comes with the old one is answered
   * ESTALE, upon which the kernel looks for the name again.
   */
  public void renew(Leaf leaf) {
    renewals.merge(Leaf.id(leaf.folder(), leaf.kind()), 1, Integer::sum);
  }

  long renewed(long plain) {
    int times = renewals.isEmpty() ? 0 : renewals.getOrDefault(plain, 0);
    long which = Math.floorMod((long) generation + times, FileKind.MOST_RENEWED);
    return plain | which << FileKind.RENEWED_AT;
  }

  /** Control files of containers that are in use. */
  OpenControls controls() {
    return controls;
  }

  /**
   * Lets go of what nobody has asked for lately.
   *
   * @return whether something is still kept
   */
  public boolean rest() {
    return controls.closeUnused();
  }

  /**
   * The node of a number.
   *
   * @throws FileRefused with ESTALE if there is none
   */
  public Node node(long id) {
    if (id == Node.ROOT) {
      return top;
    }
    int file = (int) (id & FileKind.KIND_MASK);
    var folder = folder(id >>> FileKind.BITS);
    return file == 0 ? folder : new Leaf(folder, FileKinds.at(file - FileKind.FIRST));
  }

  private Folder folder(long key) {
    if (key == 0) {
      return top;
    }
    var found = known.get(key);
    if (found != null) {
      return found;
    }
    if (key == ViewsFolder.KEY) {
      return new ViewsFolder(top);
    }
    return ((key & ViewsFolder.KEY) == 0 ? search(key) : searchInside(key))
        .map(this::remember)
        .orElseThrow(() -> new FileRefused(Errno.ESTALE, "what this was is gone"));
  }

  /**
   * The folder of a container, whatever is at the top.
   *
   * @throws FileRefused with ENOENT if there is none
   */
  Folder container(long key) {
    var found = known.get(key);
    return found instanceof ContainerFolder && found.exists()
        ? found
        : search(key)
            .map(this::remember)
            .orElseThrow(() -> new FileRefused(Errno.ENOENT, "the container is gone"));
  }

  /** Only after a take-over, and where the kernel forgot and remembered at the same moment. */
  private Optional<Folder> search(long key) {
    for (var root : roots()) {
      if (root.key() == key) {
        return Optional.of(root);
      }
      for (var path : paths(root)) {
        if (keys().of(root.name(), path) == key) {
          return Optional.of(folder(root, path));
        }
      }
    }
    return Optional.empty();
  }

  /** What a guest knows. */
  private Optional<Folder> searchInside(long key) {
    var views = new ViewsFolder(top);
    for (var root : roots()) {
      for (var path : paths(root)) {
        var proc = new ProcFolder(views, keys().of(root.name(), path));
        if (proc.key() == key) {
          return Optional.of(proc);
        }
        for (var above = Optional.of(path); above.isPresent(); above = above.get().parent()) {
          int depth = above.get().depth();
          var boundary = keys().of(root.name(), above.get());
          var inside = ContainerPath.ROOT;
          for (var component : path.components().subList(depth, path.depth())) {
            inside = inside.child(component);
          }
          var guest = new GuestFolder(views, boundary, inside);
          if (guest.key() == key) {
            return Optional.of(guest);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static List<ContainerPath> paths(HierarchyFolder root) {
    return root.system().containers().stream()
        .map(container -> ContainerPath.parse("container", container.name()))
        .toList();
  }

  /** All hierarchies: what guests see may be of another than the one at the top. */
  private List<HierarchyFolder> roots() {
    var above = new TopFolder(this);
    return system.hierarchies().stream()
        .map(HierarchyInfo::name)
        .map(
            name ->
                top instanceof HierarchyFolder one && one.name().equals(name)
                    ? one
                    : new HierarchyFolder(this, name, above))
        .toList();
  }

  private static Folder folder(Folder root, ContainerPath path) {
    var parent = path.parent().filter(above -> !above.isRoot());
    return new ContainerFolder(parent.map(above -> folder(root, above)).orElse(root), path);
  }

  /** What was last refused in a folder; empty text where the last was done. */
  String lastError(Folder folder) {
    return errors.getOrDefault(folder.key(), "");
  }

  void lastError(Folder folder, String sentence) {
    if (sentence.isEmpty()) {
      errors.remove(folder.key());
      return;
    }
    if (errors.size() >= MOST_ERRORS) {
      errors.clear();
    }
    errors.put(folder.key(), sentence);
  }
}
