package bailey.containerfs.session;

import bailey.OpenControl;
import bailey.containerfs.tree.FileRefused;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Tree;
import bailey.core.abi.Errno;
import bailey.core.kernel.FileServing.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Control files that the kernel reads by itself, since their text is that of a file of its own. Any
 * thread.
 *
 * <p>All who have an inode open at the same time must have it from the same file of the kernel
 * (fuse_file_io_open()). So where a container was made anew while somebody has a figure of the old
 * one open, and after a take-over, the figure gets another inode ({@link Tree#renew}).
 */
final class Lending {
  private static final int MOST = 128;
  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Channel channel;
  private final Map<Long, Lent> lent = new HashMap<>();
  private volatile boolean on;

  private static final class Lent {
    private final OpenControl control;
    private final int number;
    private int users;
    private long used;

    Lent(OpenControl control, int number) {
      this.control = control;
      this.number = number;
    }
  }

  Lending(Channel channel) {
    this.channel = channel;
  }

  /** Whether the kernel can. */
  void can(boolean can) {
    on = can;
  }

  /**
   * The number of what a file is passed through to; 0 where it is not.
   *
   * @param node by which it is opened
   * @throws FileRefused with ESTALE where that is not its number any more
   */
  int open(Leaf leaf, long node) {
    if (!on || !leaf.isFigure()) {
      return 0;
    }
    synchronized (this) {
      long id = leaf.id();
      var known = lent.get(id);
      if (known != null && !known.control.isKept()) {
        known = null;
        letGo(id, leaf);
      }
      if (node != leaf.id()) {
        throw new FileRefused(Errno.ESTALE, "it has another number now");
      }
      var one = known == null ? lend(id, leaf) : known;
      if (one == null) {
        return 0;
      }
      one.users++;
      return one.number;
    }
  }

  /** Its kernel file is gone. */
  private void letGo(long id, Leaf leaf) {
    var gone = lent.get(id);
    if (gone != null && gone.users > 0) {
      leaf.folder().tree().renew(leaf);
    } else if (gone != null) {
      lent.remove(id);
      give(gone);
    }
  }

  private @Nullable Lent lend(long id, Leaf leaf) {
    if (lent.size() >= MOST) {
      return null;
    }
    var control = leaf.open();
    var descriptor = control.descriptor();
    int number = descriptor.isPresent() ? channel.lend(descriptor.getAsInt()) : -1;
    if (number <= 0) {
      control.close();
      return null;
    }
    var fresh = new Lent(control, number);
    lent.put(id, fresh);
    return fresh;
  }

  /** One who had it open has it no more. */
  void release(long node) {
    if (node != 0) {
      released(node);
    }
  }

  private synchronized void released(long node) {
    var one = lent.get(node);
    if (one != null) {
      one.users--;
      one.used = System.nanoTime();
    }
  }

  /**
   * Takes back what nobody has open.
   *
   * @return whether something is lent
   */
  synchronized boolean rest() {
    long now = System.nanoTime();
    lent.entrySet()
        .removeIf(
            entry -> {
              var one = entry.getValue();
              boolean unused = one.users == 0 && now - one.used > UNUSED_NANOS;
              if (unused) {
                give(one);
              }
              return unused;
            });
    return !lent.isEmpty();
  }

  private void give(Lent one) {
    channel.takeBack(one.number);
    one.control.close();
  }
}
