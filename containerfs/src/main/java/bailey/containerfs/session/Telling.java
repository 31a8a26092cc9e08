package bailey.containerfs.session;

import bailey.containerfs.tree.FileRefused;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Node;
import bailey.containerfs.tree.Tree;
import bailey.containerfs.wire.Answer;
import bailey.containerfs.wire.Request;
import bailey.containerfs.wire.Request.Header;
import bailey.core.abi.Errno;
import bailey.core.kernel.FileWatching.What;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers the process by which this server has the kernel tell of changes ({@link
 * bailey.core.kernel.FileWatching}): as if it made a container, or removed something, of which it
 * only says what others did. Nothing is done, whatever server it asks: it may ask the next one,
 * when something else is so. Any thread.
 */
final class Telling {
  private final Tree tree;

  /** What the kernel was told of folders that it may know: it remembers them by both numbers. */
  private final Map<Long, Integer> generations = new ConcurrentHashMap<>();

  Telling(Tree tree) {
    this.tree = tree;
  }

  /** Whether it is that process. */
  boolean asks(Header header) {
    return header.uid() == tree.uid()
        && header.gid() <= What.REMOVED_FILE.group()
        && header.gid() >= What.MODIFIED.group();
  }

  /** The kernel knows a node. */
  void known(Node node) {
    if (node instanceof Folder folder && !folder.isLasting()) {
      generations.put(folder.id(), folder.generation());
    }
  }

  /** The kernel knows a node no more. */
  void forget(long id) {
    generations.remove(id);
  }

  /**
   * Makes the answer.
   *
   * @return false for what is answered as to anybody
   * @throws FileRefused where it is not as was told
   */
  boolean answer(Header header, Request request, Answer answer) {
    boolean made = header.gid() == What.MADE.group();
    if (!made && header.gid() != What.REMOVED_FILE.group()) {
      return false;
    }
    long unique = header.unique();
    switch (request) {
      case Request.Lookup(String name) when made -> throw none(name);
      case Request.MakeDirectory(String name, int _) when made ->
          entry(
              unique,
              tree.remember(folder(header).folder(name).orElseThrow(() -> none(name))),
              answer);
      case Request.Lookup(String name) when !made ->
          entry(unique, now(folder(header), name), answer);
      case Request.RemoveDirectory(String name) when !made -> {
        if (folder(header).folder(name).isPresent()) {
          throw new FileRefused(Errno.EBUSY, name + " is there");
        }
        answer.status(unique, 0);
      }
      case Request.ChangeEntry() when !made -> answer.status(unique, 0);
      case Request.GetAttributes() when !made -> {
        var node = tree.node(header.node()); // whether it is there or not
        answer.attributes(unique, node.attributes(), Names.validity(node));
      }
      case Request.MakeDirectory _,
          Request.RemoveDirectory _,
          Request.ChangeEntry _,
          Request.SetAttributes _,
          Request.Rename _ ->
          throw new FileRefused(Errno.EPERM, "nothing is changed by who tells of changes");
      default -> {
        return false;
      }
    }
    return true;
  }

  private static FileRefused none(String name) {
    return new FileRefused(Errno.ENOENT, name + " is not there");
  }

  private Folder folder(Header header) {
    if (tree.node(header.node()) instanceof Folder folder) {
      return folder;
    }
    throw new FileRefused(Errno.ENOTDIR, "this is a file");
  }

  /** What has the name, or had it; also of what is being removed at this moment. */
  private static Node now(Folder folder, String name) {
    return there(folder, name).or(() -> folder.former(name)).orElseThrow(() -> none(name));
  }

  private static Optional<Node> there(Folder folder, String name) {
    try {
      return folder.exists() ? folder.lookup(name) : Optional.empty();
    } catch (FileRefused _) {
      return Optional.empty();
    }
  }

  private void entry(long unique, Node node, Answer answer) {
    int generation = node.generation();
    if (node instanceof Folder folder) {
      var _ = tree.remember(folder);
      generation = folder.exists() ? generation : generations.getOrDefault(folder.id(), 0);
    }
    answer.entry(unique, node.attributes(), generation, Names.validity(node));
  }
}
