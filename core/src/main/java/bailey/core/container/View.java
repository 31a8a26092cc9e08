package bailey.core.container;

/**
 * From which side of a boundary a container is looked at. The view goes with the mount point, not
 * with who reads.
 */
public enum View {
  /** The parent's: the real path, every limit may be set. */
  EXTERNAL,
  /**
   * That of the tasks inside a boundary: their container is the root, its own limits are read-only,
   * limits below it are theirs, nothing outside exists.
   */
  INTERNAL
}
