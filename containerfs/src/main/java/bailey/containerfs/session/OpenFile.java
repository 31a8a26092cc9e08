package bailey.containerfs.session;

import bailey.containerfs.tree.Caller;
import bailey.containerfs.tree.FileRefused;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.wire.Protocol;
import bailey.core.abi.Errno;
import bailey.core.abi.KernelText;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A control file that a program has open. Reading from its start takes a new look, which later
 * reads go on with, so that what is read is from one moment, however large it is. What is written
 * is taken as a value when the writer's data is complete: at a line end, or when it is closed.
 */
final class OpenFile {
  private static final int PAGE = 4096;
  private static final int MOST = 1 << 20;
  private static final byte[] NONE = {};

  /** In its number: root has opened it, which a server that takes over has to know. */
  static final long BY_ROOT = 1;

  private final Leaf leaf;
  private final @Nullable Caller opener;
  private final long handle;
  private final Ledger ledger;
  private final long lent;
  private int held = -1;
  private volatile boolean setting;
  private byte @Nullable [] seen;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  /**
   * One.
   *
   * @param opener who may do with it what he might when he opened it, whoever has it then: else a
   *     program of root's could be had to write to what its caller has opened; null where another
   *     server knew
   * @param lent the node that the kernel reads by itself; 0 where it does not
   */
  OpenFile(Leaf leaf, @Nullable Caller opener, long handle, Ledger ledger, long lent) {
    this.leaf = leaf;
    this.opener = opener;
    this.lent = lent;
    this.handle = handle;
    this.ledger = ledger;
  }

  Leaf leaf() {
    return leaf;
  }

  long lent() {
    return lent;
  }

  /** What there is to read; the caller takes its part. */
  synchronized byte[] content(long offset, Caller caller) {
    var content = seen;
    if (content == null || offset == 0) {
      content = KernelText.encode(leaf.read(caller));
      seen = content;
    }
    return offset >= content.length ? NONE : content;
  }

  /**
   * Whether what there is to read is something else than what was read last, or seen when this was
   * first asked.
   */
  synchronized boolean changed(Caller caller) {
    if (!leaf.kind().access().readable()) {
      return false;
    }
    byte[] now;
    try {
      now = KernelText.encode(leaf.read(caller));
    } catch (FileRefused _) {
      return true; // who reads it is told why
    }
    if (seen == null) {
      seen = now;
    }
    return !Arrays.equals(now, seen);
  }

  /**
   * Takes bytes. Where they end a line the value is complete, unless they fill whole pages as a
   * program's buffer does that has more.
   *
   * @throws bailey.containerfs.tree.FileRefused if the value is refused
   * @return 0 or an error number
   */
  synchronized int write(long offset, byte[] data, Caller caller) {
    if (pending.size() + data.length > MOST) {
      return Errno.EFBIG.number();
    }
    if (offset == 0) {
      reset(); // whoever starts again means another value
    }
    pending.writeBytes(data);
    boolean more = data.length % PAGE == 0 && data.length <= Protocol.MOST_WRITTEN;
    if (data.length > 0 && data[data.length - 1] == '\n' && !more) {
      complete(caller);
    } else if (held < 0) {
      held = ledger.hold(handle);
    }
    return 0;
  }

  /**
   * One of its descriptors is closed. Where a value is just being set nobody waits for that:
   * whoever wrote it does, or was interrupted and has its answer.
   */
  void closed(Caller caller) {
    if (!setting) {
      complete(caller);
    }
  }

  /** The writer has no more. */
  synchronized void complete(Caller caller) {
    if (pending.size() == 0) {
      return;
    }
    var bytes = pending.toByteArray();
    reset();
    int end = bytes.length;
    if (bytes[end - 1] == '\n') {
      end--;
    }
    setting = true;
    try {
      leaf.write(KernelText.decode(bytes, 0, end), caller.as(authority(caller)));
    } finally {
      setting = false;
    }
  }

  private int authority(Caller caller) {
    int root = leaf.folder().tree().uid();
    if (opener != null) {
      return opener.uid();
    }
    if ((handle & BY_ROOT) != 0) {
      return root;
    }
    return caller.uid() != root ? caller.uid() : leaf.folder().owner().uid();
  }

  private void reset() {
    pending.reset();
    ledger.answered(held);
    held = -1;
  }
}
