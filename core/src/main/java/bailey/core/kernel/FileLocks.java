package bailey.core.kernel;

/**
 * Locks that plans hold on files (fcntl_locking(2), open file description locks), as others see
 * them. Any thread may ask.
 */
public interface FileLocks {
  /** Whether somebody holds one on the whole file; false where there is no such file. */
  boolean isHeld(String path);

  /** Waits until nobody does; returns at once where there is no such file. */
  void awaitRelease(String path) throws InterruptedException;
}
