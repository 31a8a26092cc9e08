package bailey.containerfs.session;

import bailey.containerfs.tree.Caller;
import bailey.containerfs.tree.FileRefused;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Node;
import bailey.containerfs.tree.Tree;
import bailey.containerfs.wire.Answer;
import bailey.containerfs.wire.Protocol;
import bailey.containerfs.wire.Request;
import bailey.containerfs.wire.Request.Header;
import bailey.core.abi.Errno;
import bailey.core.abi.KernelText;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the answers: what each request means for the tree. Any thread. */
final class Answering {
  private static final int MOST_NAME = 100;
  private static final int FOPEN_DIRECT_IO = 1;
  private static final int FOPEN_NOFLUSH = 1 << 5;
  private static final int FOPEN_PASSTHROUGH = 1 << 7;
  private static final int O_ACCMODE = 3;
  private static final int O_WRONLY = 1;
  private static final int CHANGED = 0x002 | 0x008; // PRI, ERR, as kernfs_generic_poll() has it
  private static final int READY = 0x001 | 0x004 | 0x040 | 0x100; // IN, OUT, RDNORM, WRNORM

  private static final String NO_ENTRIES =
      "control files are neither made nor removed: mkdir makes a container, rmdir removes one;"
          + " write the file itself, not a new one in its place (sed -i)";

  private static final String NO_NAMES =
      "nothing here gets another name: a container's control groups cannot (cgroup v2 has no"
          + " rename), and control files are what they are; make another container by mkdir and"
          + " write the processes to its procs";

  private final Tree tree;
  private final Ledger ledger;
  private final Waiters waiters;
  private final Names names;
  private final Lending lending;
  private final Ownership ownership;
  private final Watches watches;
  private final Telling telling;
  private final Map<Long, OpenFile> files = new ConcurrentHashMap<>();
  private final Map<Long, OpenFolder> folders = new ConcurrentHashMap<>();
  private final AtomicLong handles;

  /**
   * Of a tree.
   *
   * @param firstHandle an even number that no server before has come near to
   */
  Answering(
      Tree tree,
      long firstHandle,
      Ledger ledger,
      Waiters waiters,
      Names names,
      Lending lending,
      Ownership ownership,
      Watches watches) {
    this.tree = tree;
    this.watches = watches;
    this.telling = new Telling(tree);
    this.ownership = ownership;
    this.lending = lending;
    this.names = names;
    this.waiters = waiters;
    this.ledger = ledger;
    this.handles = new AtomicLong(firstHandle);
  }

  /**
   * Makes the answer to a request.
   *
   * @param fate what became of it in a process before this
   * @return whether there is one
   */
  boolean answer(Header header, Request request, Optional<Ledger.Fate> fate, Answer answer) {
    try {
      if (telling.asks(header) && telling.answer(header, request, answer)) {
        return true;
      }
      if (fate.isEmpty()) {
        return made(header, request, answer);
      }
      again(header, request, fate.get(), answer);
      return true;
    } catch (FileRefused refused) {
      answer.status(header.unique(), refused.errno());
      return true;
    }
  }

  /** What was done already has its result; what may have been is as if it had not, or is there. */
  private void again(Header header, Request request, Ledger.Fate fate, Answer answer) {
    long unique = header.unique();
    if (fate instanceof Ledger.Fate.Done(int errno) && errno != 0) {
      answer.status(unique, errno);
      return;
    }
    boolean done = fate instanceof Ledger.Fate.Done;
    switch (request) {
      case Request.MakeDirectory(String name, int _) when done ->
          look(unique, folder(header), name, answer);
      case Request.MakeDirectory(String name, int _) -> makeAgain(header, request, name, answer);
      case Request.RemoveDirectory(String name)
          when done || folder(header).folder(name).isEmpty() ->
          answer.status(unique, 0);
      case Request.Write write when done -> answer.written(unique, write.data().length);
      case Request.SetAttributes set -> set(header, set, answer);
      case Request _ when done -> answer.status(unique, 0);
      default -> {
        var _ = made(header, request, answer);
      }
    }
  }

  /** What is there was made, if it is whole; else it is made anew. */
  private void makeAgain(Header header, Request request, String name, Answer answer) {
    try {
      var _ = made(header, request, answer);
    } catch (FileRefused refused) {
      if (refused.errno() != Errno.EEXIST.number()) {
        throw refused;
      }
      look(header.unique(), folder(header), name, answer);
    }
  }

  private boolean made(Header header, Request request, Answer answer) {
    long unique = header.unique();
    switch (request) {
      case Request.Lookup(String name) -> look(unique, folder(header), name, answer);
      case Request.GetAttributes() -> attributes(unique, tree.node(header.node()), answer);
      case Request.SetAttributes set -> set(header, set, answer);
      case Request.MakeDirectory(String name, int _) -> {
        var parent = folder(header);
        watches.does(parent, name);
        var made = parent.toldAlways(() -> tree.remember(parent.make(name, caller(header))));
        watches.made(made);
        entry(unique, made, answer);
      }
      case Request.RemoveDirectory(String name) -> remove(header, folder(header), name, answer);
      case Request.ChangeEntry() -> refuse(folder(header), NO_ENTRIES);
      case Request.Rename() -> refuse(folder(header), NO_NAMES);
      case Request.Open(int flags) -> open(header, tree.node(header.node()), flags, answer);
      case Request.OpenDirectory() -> open(unique, folder(header), answer);
      case Request.Read read -> read(header, read, answer);
      case Request.Write write -> write(header, write, answer);
      case Request.Flush(long handle) -> {
        complete(handle, caller(header));
        answer.status(unique, 0);
      }
      case Request.Release(long handle) -> {
        release(handle, caller(header));
        answer.status(unique, 0);
      }
      case Request.ReleaseDirectory(long handle) -> {
        folders.remove(handle);
        answer.status(unique, 0);
      }
      case Request.ReadDirectory read ->
          opened(header, read.handle())
              .list(unique, read.offset(), read.size(), read.plus(), answer);
      case Request.StatFileSystem() -> answer.statistics(unique, MOST_NAME);
      case Request.Poll poll -> poll(header, poll, answer);
      case Request.Init init -> init(unique, init, answer);
      case Request.Destroy() -> answer.status(unique, 0);
      case Request.Forget(var nodes) -> {
        nodes.forEach(tree::forget);
        nodes.forEach(telling::forget);
        return false;
      }
      case Request.Interrupt _ -> {
        return false; // seen to before
      }
      case Request.Other _ -> answer.status(unique, Errno.ENOSYS.number());
      case Request.Malformed _ -> answer.status(unique, Errno.EINVAL.number());
    }
    return true;
  }

  private static Caller caller(Header header) {
    return new Caller(header.uid(), header.gid(), header.thread());
  }

  private Folder folder(Header header) {
    if (tree.node(header.node()) instanceof Folder folder) {
      return folder;
    }
    throw new FileRefused(Errno.ENOTDIR, "this is a file");
  }

  private void look(long unique, Folder folder, String name, Answer answer) {
    var node =
        folder
            .lookup(name)
            .orElseThrow(() -> new FileRefused(Errno.ENOENT, name + " is not there"));
    watches.seen(node);
    entry(unique, node, answer);
  }

  private void entry(long unique, Node node, Answer answer) {
    telling.known(node);
    answer.entry(unique, node.attributes(), node.generation(), Names.validity(node));
  }

  private void attributes(long unique, Node node, Answer answer) {
    watches.seen(node);
    if (node instanceof Folder folder && !folder.exists()) {
      throw new FileRefused(Errno.ENOENT, folder.name() + " is gone");
    }
    answer.attributes(unique, node.attributes(), Names.validity(node));
  }

  /** Files are truncated before they are written anew; that alone changes nothing. */
  private void set(Header header, Request.SetAttributes set, Answer answer) {
    var node = tree.node(header.node());
    ownership.set(node, set, caller(header));
    attributes(header.unique(), node, answer);
  }

  private static void refuse(Folder folder, String sentence) {
    folder.toldAlways(
        () -> {
          throw new FileRefused(Errno.EPERM, sentence);
        });
  }

  private void remove(Header header, Folder folder, String name, Answer answer) {
    if (folder.file(name).isPresent()) {
      throw new FileRefused(Errno.ENOTDIR, name + " is a file");
    }
    watches.does(folder, name);
    var _ =
        folder.toldAlways(
            () -> {
              folder.remove(name, caller(header));
              return name;
            });
    answer.status(header.unique(), 0);
  }

  private void open(Header header, Node node, int flags, Answer answer) {
    if (!(node instanceof Leaf leaf)) {
      answer.status(header.unique(), Errno.EISDIR.number());
      return;
    }
    boolean writes = (flags & O_ACCMODE) != 0;
    boolean reads = (flags & O_ACCMODE) != O_WRONLY;
    var access = leaf.kind().access();
    if (writes && !access.writable()) { // root is not kept from it by the mode
      leaf.write("", caller(header));
      throw new FileRefused(Errno.EPERM, leaf.kind().name() + " cannot be set");
    }
    if (reads && !access.readable()) {
      throw new FileRefused(Errno.EACCES, leaf.kind().name() + " can only be written");
    }
    int backing = lending.open(leaf, header.node());
    var opener = caller(header);
    long handle = nextHandle() | (opener.uid() == tree.uid() ? OpenFile.BY_ROOT : 0);
    long lent = backing == 0 ? 0 : header.node();
    files.put(handle, new OpenFile(leaf, opener, handle, ledger, lent));
    int way = backing == 0 ? FOPEN_DIRECT_IO : FOPEN_PASSTHROUGH;
    answer.opened(header.unique(), handle, way | (writes ? 0 : FOPEN_NOFLUSH), backing);
  }

  /** Always ready, as files are; what changed since it was read is told as urgent. */
  private void poll(Header header, Request.Poll poll, Answer answer) {
    if (!(tree.node(header.node()) instanceof Leaf)) {
      answer.polled(header.unique(), READY);
      return;
    }
    var file = file(header, poll.handle());
    boolean changed = file.changed(caller(header));
    if (poll.notified() && !changed) {
      waiters.add(poll.waiter(), file, caller(header));
    }
    answer.polled(header.unique(), changed ? READY | CHANGED : READY);
  }

  private void open(long unique, Folder folder, Answer answer) {
    long handle = nextHandle();
    folders.put(handle, new OpenFolder(folder, names));
    answer.opened(unique, handle, 0, 0);
  }

  private long nextHandle() {
    return handles.getAndAdd(OpenFile.BY_ROOT + 1);
  }

  /** One that a server before has opened is opened anew. */
  private OpenFile file(Header header, long handle) {
    return files.computeIfAbsent(handle, _ -> new OpenFile(leaf(header), null, handle, ledger, 0));
  }

  private Leaf leaf(Header header) {
    if (tree.node(header.node()) instanceof Leaf leaf) {
      return leaf;
    }
    throw new FileRefused(Errno.EISDIR, "this is a directory");
  }

  private OpenFolder opened(Header header, long handle) {
    return folders.computeIfAbsent(handle, _ -> new OpenFolder(folder(header), names));
  }

  private void read(Header header, Request.Read read, Answer answer) {
    var content = file(header, read.handle()).content(read.offset(), caller(header));
    int from = (int) Math.min(read.offset(), content.length);
    int length = Math.max(0, Math.min(read.size(), content.length - from));
    answer.data(header.unique(), content, from, length);
  }

  private void write(Header header, Request.Write write, Answer answer) {
    if (write.offset() != 0) {
      checkLost(write.handle());
    }
    int errno = file(header, write.handle()).write(write.offset(), write.data(), caller(header));
    if (errno == 0) {
      answer.written(header.unique(), write.data().length);
    } else {
      answer.status(header.unique(), errno);
    }
  }

  /**
   * Whether a process asks for itself to be moved: it is stopped for that, which is an interruption
   * to the kernel, and cannot be stopped before it has its answer.
   */
  boolean movesItself(Header header, Request request) {
    if (!(request instanceof Request.Write(long handle, long _, byte[] data))) {
      return false;
    }
    var file = files.get(handle);
    return file != null
        && file.leaf().movesItself(KernelText.decode(data, 0, data.length), caller(header));
  }

  /** The answer to that, before it is done; what comes of it is in container.last_error. */
  void taken(long unique, Request request, Answer answer) {
    if (request instanceof Request.Write write) {
      answer.written(unique, write.data().length);
    }
  }

  /** Bytes of a value that was not whole when the server before this died. */
  private void checkLost(long handle) {
    if (!files.containsKey(handle) && ledger.lost(handle)) {
      throw new FileRefused(
          Errno.EIO, "what was written before is lost with the server; write it once more");
    }
  }

  private void complete(long handle, Caller caller) {
    checkLost(handle);
    var file = files.get(handle);
    if (file != null) {
      file.closed(caller);
    }
  }

  /** The kernel tells nobody what comes of this; it stays in container.last_error. */
  private void release(long handle, Caller caller) {
    var file = files.remove(handle);
    if (file != null) {
      waiters.remove(file);
      lending.release(file.lent());
      file.complete(caller);
    }
  }

  /** What was agreed on with the kernel, by this server or one before. */
  void agreed(long flags) {
    lending.can(Protocol.passesThrough(flags));
  }

  private void init(long unique, Request.Init init, Answer answer) {
    if (Protocol.speaks(init)) {
      var agreed = Protocol.of(init);
      ledger.agree(agreed.flags());
      agreed(agreed.flags());
      answer.init(unique, agreed);
    } else {
      answer.status(unique, Errno.EPROTO.number());
    }
  }
}
