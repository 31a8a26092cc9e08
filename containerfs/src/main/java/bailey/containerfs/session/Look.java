package bailey.containerfs.session;

import bailey.containerfs.tree.Caller;
import bailey.containerfs.tree.FileRefused;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Node;
import bailey.core.kernel.FileWatching.Change;
import bailey.core.kernel.FileWatching.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody who watches a file or directory knows of it. Confined to one thread. */
sealed interface Look {
  /** Of a node, now. */
  static Look at(Node node) {
    return switch (node) {
      case Leaf leaf -> new OfFile(leaf);
      case Folder folder -> new OfFolder(folder);
    };
  }

  /** Who looks. */
  interface Looker {
    /** Something has changed. */
    void tell(Change change);

    /** Whether a name was made or removed by calls on the mount, of which the kernel tells. */
    boolean isTold(Folder folder, String name);
  }

  /**
   * Looks again.
   *
   * @return false if it is gone, which is told too
   */
  boolean again(Looker looker);

  /** Of what was before nobody knows: tells of each file once more. */
  void forget();

  /** A file: its content. */
  final class OfFile implements Look {
    private static final Caller NOBODY = new Caller(0, 0, 0);

    private final Leaf leaf;
    private Optional<String> content;
    private boolean known = true;

    OfFile(Leaf leaf) {
      this.leaf = leaf;
      this.content = read();
    }

    /** It may have been changed before. */
    @Override
    public void forget() {
      known = false;
    }

    private Optional<String> read() {
      try {
        return Optional.of(leaf.read(NOBODY));
      } catch (FileRefused _) {
        return Optional.empty();
      }
    }

    @Override
    public boolean again(Looker looker) {
      var now = read();
      boolean there = now.isPresent() || leaf.folder().exists();
      if (!there) {
        looker.tell(change(What.REMOVED_FILE));
      } else if (!known || !now.equals(content)) {
        looker.tell(change(What.MODIFIED));
      }
      content = now;
      known = true;
      return there;
    }

    private Change change(What what) {
      long inode = what == What.MODIFIED ? leaf.id() : 0;
      return new Change(what, leaf.folder().place(), leaf.kind().name(), inode);
    }
  }

  /** A directory: the names of those in it, and the files of it that change on occasion. */
  final class OfFolder implements Look {
    private final Folder folder;
    private List<? extends Folder> folders;
    private final Map<Long, OfFile> files = new HashMap<>();

    OfFolder(Folder folder) {
      this.folder = folder;
      this.folders = List.of();
      if (folder.exists()) {
        folders = folder.folders();
        told().forEach(leaf -> files.put(leaf.id(), new OfFile(leaf)));
      }
    }

    private static Set<String> names(List<? extends Folder> folders) {
      var names = HashSet.<String>newHashSet(folders.size());
      folders.forEach(one -> names.add(one.name()));
      return names;
    }

    @Override
    public void forget() {
      files.values().forEach(OfFile::forget);
    }

    /** One of those files; null where it is none. */
    @Nullable OfFile file(long id) {
      return files.get(id);
    }

    private List<Leaf> told() {
      return folder.files().stream()
          .map(kind -> new Leaf(folder, kind))
          .filter(Leaf::isTold)
          .toList();
    }

    @Override
    public boolean again(Looker looker) {
      if (!folder.exists()) {
        looker.tell(new Change(What.REMOVED_DIRECTORY, folder.parent().place(), folder.name(), 0));
        return false;
      }
      var now = folder.folders();
      if (!now.equals(folders)) {
        differences(names(folders), names(now), looker).forEach(looker::tell);
        folders = now;
      }
      for (var leaf : told()) {
        var known = files.get(leaf.id());
        if (known == null) {
          files.put(leaf.id(), new OfFile(leaf));
        } else {
          var _ = known.again(looker);
        }
      }
      return true;
    }

    private List<Change> differences(Set<String> names, Set<String> fresh, Looker looker) {
      var found = new ArrayList<Change>();
      for (var name : names) {
        if (!fresh.contains(name) && !looker.isTold(folder, name)) {
          found.add(new Change(What.REMOVED_DIRECTORY, folder.place(), name, 0));
        }
      }
      for (var name : fresh) {
        if (!names.contains(name) && !looker.isTold(folder, name)) {
          found.add(new Change(What.MADE, folder.place(), name, 0));
        }
      }
      return found;
    }
  }
}
