package bailey.bench;

/**
 * Something that makes a container, runs the program in it and waits for its end, again and again.
 */
interface Subject extends AutoCloseable {
  /** What it is called in tables. */
  String name();

  /**
   * Does it once.
   *
   * @return how long it took, nanoseconds
   * @throws IllegalStateException if the program did not run or did not end with status 0
   */
  long run();

  /** Whether it is code of this JVM, which has to be warmed up. */
  default boolean inProcess() {
    return false;
  }

  @Override
  default void close() {}
}
