package bailey.containerfs.session;

import bailey.containerfs.tree.FileKind;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Node;
import bailey.containerfs.wire.Answer;
import bailey.core.abi.KernelText;
import java.util.ArrayList;
import java.util.List;

/** A directory that a program has open: the names that were in it when it was opened. */
final class OpenFolder {
  private static final byte[] DOT = {'.'};
  private static final byte[] DOT_DOT = {'.', '.'};
  private static final int DOTS = 2;

  private final Folder folder;
  private final List<Node> nodes = new ArrayList<>();

  OpenFolder(Folder folder) {
    this.folder = folder;
    folder.files().forEach(file -> nodes.add(new Leaf(folder, file)));
    nodes.addAll(folder.folders());
  }

  /** As many entries from an offset on as there is room for. */
  void list(long unique, long offset, int size, boolean plus, Answer answer) {
    answer.directory(unique, size);
    for (long at = Math.max(0, offset); at < nodes.size() + DOTS; at++) {
      if (!add(at, plus, answer)) {
        break;
      }
    }
    answer.endDirectory();
  }

  private boolean add(long at, boolean plus, Answer answer) {
    if (at == 0) {
      return answer.addDot(DOT, folder.id(), 1, plus);
    }
    if (at == 1) {
      return answer.addDot(DOT_DOT, folder.parent().id(), DOTS, plus);
    }
    var node = nodes.get((int) at - DOTS);
    boolean added =
        answer.add(
            KernelText.encode(name(node)),
            node.attributes(),
            at + 1,
            plus,
            Answering.validity(node));
    if (added && plus && node instanceof Folder inner) {
      inner.tree().remember(inner);
    }
    return added;
  }

  private static String name(Node node) {
    return switch (node) {
      case Leaf(Folder _, FileKind kind) -> kind.name();
      case Folder inner -> inner.name();
    };
  }
}
