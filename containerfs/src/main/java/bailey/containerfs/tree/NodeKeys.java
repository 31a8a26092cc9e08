package bailey.containerfs.tree;

import bailey.core.abi.KernelText;
import bailey.core.container.ContainerPath;

/**
 * Numbers of folders from their names alone: a server that takes over, which has no memory of what
 * the one before told the kernel, knows them all the same. Of 10,000 containers two have the same
 * with a probability of 4e-7.
 */
final class NodeKeys {
  /** 47 bits, so that a node's number is positive. */
  private static final long MASK = (1L << (63 - FileKind.BITS)) - 1;

  // FNV-1a, 64 bits, and the finalizer of MurmurHash3
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private NodeKeys() {}

  /** That of a container, or of a hierarchy's root; never 0. */
  static long of(String hierarchy, ContainerPath path) {
    long hash = OFFSET;
    for (byte b : KernelText.encode(hierarchy + "/" + path)) {
      hash = (hash ^ (b & 0xff)) * PRIME;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    return Math.max(1, hash & MASK);
  }
}
