package bailey.containerfs.session;

import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.wire.Answer;
import bailey.core.abi.KernelText;
import java.util.List;

/** A directory that a program has open: the names that were in it when it was opened. */
final class OpenFolder {
  private static final byte[] DOT = {'.'};
  private static final byte[] DOT_DOT = {'.', '.'};
  private static final int DOTS = 2;

  private final Folder folder;
  private final List<Leaf> files;
  private final Prepared folders;

  /** Folders, and their entries as they are sent. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record Prepared(List<? extends Folder> folders, byte[][] entries) {
    static Prepared of(List<? extends Folder> folders) {
      var entries = new byte[folders.size()][];
      for (int i = 0; i < entries.length; i++) {
        var folder = folders.get(i);
        entries[i] = Answer.prepared(KernelText.encode(folder.name()), folder.id(), true);
      }
      return new Prepared(folders, entries);
    }
  }

  OpenFolder(Folder folder, Names names) {
    this.folder = folder;
    this.files = folder.files().stream().map(file -> new Leaf(folder, file)).toList();
    this.folders = names.prepared(folder, folder.folders());
  }

  /** As many entries from an offset on as there is room for. */
  void list(long unique, long offset, int size, boolean plus, Answer answer) {
    answer.directory(unique, size);
    long end = (long) DOTS + files.size() + folders.entries.length;
    for (long at = Math.max(0, offset); at < end; at++) {
      if (!add((int) at, plus, answer)) {
        break;
      }
    }
    answer.endDirectory();
  }

  private boolean add(int at, boolean plus, Answer answer) {
    if (at == 0) {
      return answer.addDot(DOT, folder.id(), 1, plus);
    }
    if (at == 1) {
      return answer.addDot(DOT_DOT, folder.parent().id(), DOTS, plus);
    }
    int file = at - DOTS;
    if (file < files.size()) {
      return add(files.get(file), at + 1, plus, answer);
    }
    return answer.add(folders.entries[file - files.size()], at + 1L, plus);
  }

  private static boolean add(Leaf leaf, int next, boolean plus, Answer answer) {
    return answer.add(
        KernelText.encode(leaf.kind().name()), leaf.attributes(), next, plus, Names.validity(leaf));
  }
}
