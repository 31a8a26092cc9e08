package bailey.containerfs.session;

import bailey.Owner;
import bailey.containerfs.tree.Caller;
import bailey.containerfs.tree.FileKind;
import bailey.containerfs.tree.FileRefused;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Node;
import bailey.containerfs.wire.Notice;
import bailey.containerfs.wire.Request;
import bailey.core.abi.Errno;
import bailey.core.kernel.FileServing.Channel;

/** Delegates containers: chown(2). Any thread. */
final class Ownership {
  private static final int ASKED =
      Request.SetAttributes.MODE | Request.SetAttributes.UID | Request.SetAttributes.GID;

  private final Channel channel;
  private final Names names;

  Ownership(Channel channel, Names names) {
    this.channel = channel;
    this.names = names;
  }

  /**
   * Does what is asked for of owner and mode; to have what is there already is nothing.
   *
   * @throws FileRefused where that cannot be
   */
  void set(Node node, Request.SetAttributes asked, Caller caller) {
    if ((asked.valid() & ASKED) == 0) {
      return;
    }
    var folder = node instanceof Leaf leaf ? leaf.folder() : (Folder) node;
    var _ =
        folder.toldAlways(
            () -> {
              change(node, folder, asked, caller);
              return folder;
            });
  }

  private void change(Node node, Folder folder, Request.SetAttributes asked, Caller caller) {
    var now = node.attributes();
    if (has(asked, Request.SetAttributes.MODE) && ((asked.mode() ^ now.mode()) & 07777) != 0) {
      throw new FileRefused(
          Errno.EPERM, "the mode shows who may write, and is not set; chown delegates a container");
    }
    int uid = has(asked, Request.SetAttributes.UID) ? asked.uid() : now.uid();
    int gid = has(asked, Request.SetAttributes.GID) ? asked.gid() : now.gid();
    if (uid == now.uid() && gid == now.gid()) {
      return;
    }
    if (node instanceof Leaf leaf) {
      throw new FileRefused(
          Errno.EPERM,
          leaf.kind().name()
              + " goes with its directory: chown that, by which a user gets procs and what he makes"
              + " in it; its limits stay root's");
    }
    if (!folder.isOutside()) {
      throw new FileRefused(Errno.EPERM, "only a container is delegated, not all of them");
    }
    if (caller.uid() != folder.tree().uid()) {
      throw new FileRefused(Errno.EPERM, "only root delegates containers");
    }
    folder.container().owner(new Owner(uid, gid, false));
    names.forget(folder.parent());
    for (FileKind kind : folder.files()) {
      channel.write(Notice.attributes(new Leaf(folder, kind).id()));
    }
  }

  private static boolean has(Request.SetAttributes asked, int bit) {
    return (asked.valid() & bit) != 0;
  }
}
