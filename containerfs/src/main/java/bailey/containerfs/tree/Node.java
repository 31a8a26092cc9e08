package bailey.containerfs.tree;

import bailey.containerfs.wire.Attributes;

/** A name in the tree. */
public sealed interface Node permits Folder, Leaf {
  /** Its number, the same in every process that serves this tree; {@link #ROOT} is the top's. */
  long id();

  /** What stat(2) shows. */
  Attributes attributes();

  /** Another for what has the same name, and so the same number, after it. */
  default int generation() {
    return 0;
  }

  /** The number of the top. */
  long ROOT = 1;
}
