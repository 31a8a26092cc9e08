package bailey.cli.command;

/**
 * Memory of a JVM that stays for long and is asked much at times: its heap would grow to its limit
 * before it was looked at as a whole, though little of it is in use. One thread.
 */
final class Garbage {
  /** While it grows. */
  static final long MUCH = 8 << 20;

  /** While it does not: more than the young ones have, which are collected as they come. */
  static final long LITTLE = 4 << 20;

  /** How much more there is, at a next look, where it grows. */
  static final long GROWTH = 256 << 10;

  private long kept;
  private long before;

  /** Looks at the heap, and collects what is in use no more where that is worth it. */
  void collect() {
    if (isMuch(used())) {
      System.gc();
      collected(used());
    }
  }

  private static long used() {
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /**
   * Whether to collect.
   *
   * @param used bytes of the heap, what is in use no more among them
   */
  boolean isMuch(long used) {
    boolean grows = used - before > GROWTH;
    before = used;
    return used - kept > (grows ? MUCH + kept / 4 : LITTLE);
  }

  /** It was done, and this is left. */
  void collected(long used) {
    kept = used;
    before = used;
  }
}
