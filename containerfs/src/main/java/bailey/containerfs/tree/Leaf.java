package bailey.containerfs.tree;

import bailey.OpenControl;
import bailey.containerfs.wire.Attributes;
import bailey.core.abi.Errno;

/**
 * A control file of a folder.
 *
 * @param folder that it is in
 * @param kind which of its files
 */
public record Leaf(Folder folder, FileKind kind) implements Node {
  /**
   * Whatever is in it: programs that copy without reading first (sendfile(2)) take a file of size 0
   * for empty.
   */
  private static final long SIZE = 4096;

  @Override
  public long id() {
    long plain = id(folder, kind);
    return isFigure() ? folder.tree().renewed(plain) : plain;
  }

  static long id(Folder folder, FileKind kind) {
    return folder.key() << FileKind.BITS | (kind.index() + FileKind.FIRST);
  }

  @Override
  public Attributes attributes() {
    var owner = folder.owner(kind);
    return new Attributes(
        id(), Attributes.FILE | kind.mode(), owner.uid(), owner.gid(), SIZE, folder.modified());
  }

  /**
   * Whether it only shows what the kernel counts, seen from outside. (Of what is set it is told who
   * polls, for which it has to be known what was read.)
   */
  public boolean isFigure() {
    return folder.isOutside() && FileKinds.isFigure(kind);
  }

  /** Whether who watches its directory is told when it changes. */
  public boolean isTold() {
    return FileKinds.isTold(kind);
  }

  /** It, to be read again and again; the caller closes it. Only of a figure. */
  public OpenControl open() {
    return folder.told(() -> folder.container().open(kind.name()));
  }

  /** Whether {@code text} would move the process that writes it. */
  public boolean movesItself(String text, Caller caller) {
    return ContainerFiles.moves(kind) && TaskNumbers.isAmong(folder, text, caller);
  }

  /**
   * Its content now, whole.
   *
   * @throws FileRefused if it cannot be read
   */
  public String read(Caller caller) {
    return folder.told(() -> kind.reader().read(folder, caller));
  }

  /** As the kernel has looked at the mode, which it may remember from before it changed. */
  private void allow(Caller caller) {
    if (folder.isOutside()
        && caller.uid() != folder.tree().uid()
        && caller.uid() != folder.owner(kind).uid()) {
      throw new FileRefused(
          Errno.EPERM,
          kind.name() + " is not user " + Integer.toUnsignedString(caller.uid()) + "'s to set");
    }
  }

  /**
   * Sets it.
   *
   * @param text without its last line end
   * @throws FileRefused if it cannot be set so
   */
  public void write(String text, Caller caller) {
    folder.toldAlways(
        () -> {
          allow(caller);
          kind.writer().write(folder, text, caller);
          return kind;
        });
  }
}
