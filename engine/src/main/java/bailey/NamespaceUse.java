package bailey;

import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Optional;

/**
 * A namespace, and what keeps it.
 *
 * @param kind of it
 * @param inode its number
 * @param container the container whose first process is in it and which it was made for, where it
 *     is in another hierarchy with that and a colon before its name; empty for the machine's own
 *     and those that bailey did not make
 * @param holders processes in it, descriptors of it, mounts of it
 */
public record NamespaceUse(
    NamespaceKind kind, long inode, Optional<String> container, List<Holder> holders) {
  /** Copies. */
  public NamespaceUse {
    holders = List.copyOf(holders);
  }

  /** How many processes are in it. */
  public long processes() {
    return holders.stream().filter(Holder.Member.class::isInstance).count();
  }
}
