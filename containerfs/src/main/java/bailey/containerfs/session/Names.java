package bailey.containerfs.session;

import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Node;
import bailey.containerfs.wire.Answer.Validity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the kernel may believe of names, and the names of many containers as they are sent. */
final class Names {
  /**
   * For how long attributes are believed, in seconds. Who begins to watch a node is let in by its
   * attributes (path_permission() of inotify_add_watch(2)), so he is seen: by being asked for them
   * then, or so long before.
   */
  static final int ATTRIBUTES = 1;

  /** A control file stays what it is for as long as its folder is there; some folders always do. */
  private static final Validity LASTING = new Validity(1_000_000, 0, ATTRIBUTES);

  /** What nobody watches. */
  private static final Validity UNWATCHED = new Validity(1_000_000, 0, 1_000_000);

  /**
   * A container may be removed and made by others. A moment is long enough to spare those who read
   * again and again a request for each, and the kernel need not be told when it goes: for that it
   * waits for whoever has asked something in the same directory, by which a server that is killed
   * meanwhile could not end (fuse_reverse_inval_entry()).
   */
  private static final Validity FOR_A_MOMENT = new Validity(0, 10_000_000, ATTRIBUTES);

  /** Of so few it is no work to make them anew. */
  private static final int FEW = 64;

  private static final int MOST = 16;

  private final Map<Long, OpenFolder.Prepared> prepared = new ConcurrentHashMap<>();

  static Validity validity(Node node) {
    return switch (node) {
      case Leaf leaf -> leaf.folder().isWatched() ? LASTING : UNWATCHED;
      case Folder folder when folder.isLasting() -> LASTING;
      case Folder _ -> FOR_A_MOMENT;
    };
  }

  /** Something about those in a folder is not as it was sent. */
  void forget(Folder parent) {
    prepared.remove(parent.key());
  }

  /** The entries of folders; those of many are kept for as long as they are the same. */
  OpenFolder.Prepared prepared(Folder parent, List<? extends Folder> folders) {
    if (folders.size() < FEW) {
      prepared.remove(parent.key());
      return OpenFolder.Prepared.of(folders);
    }
    var known = prepared.get(parent.key());
    if (known != null && known.folders().equals(folders)) {
      return known;
    }
    if (prepared.size() >= MOST) {
      prepared.clear();
    }
    var fresh = OpenFolder.Prepared.of(folders);
    prepared.put(parent.key(), fresh);
    return fresh;
  }
}
