package bailey.linux.exec;

import java.io.IOException;

/** The two ways between a planner and a caller: bytes in order. One thread. */
interface CallLink extends AutoCloseable {
  /**
   * Fills {@code bytes}, waiting for as long as it takes.
   *
   * @return false at the end, before the first byte
   * @throws java.io.EOFException at the end, after it
   */
  boolean fill(byte[] bytes) throws IOException;

  /** Sends all of them. */
  void send(byte[] bytes) throws IOException;

  @Override
  void close();
}
