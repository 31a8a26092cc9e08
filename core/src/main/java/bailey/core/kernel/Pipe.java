package bailey.core.kernel;

/**
 * A pipe (pipe(7)) between this process and a program that a plan starts: this process has the near
 * end, which it reads from or writes to, the program gets the far end. Any thread may use it; one
 * at a time reads or writes.
 */
public interface Pipe extends AutoCloseable {
  /** Which way the bytes go. */
  enum Direction {
    /** This process writes. */
    TO_PROGRAM,
    /** This process reads. */
    FROM_PROGRAM
  }

  /** The descriptor of the far end, valid until {@link #releaseFar}. */
  int far();

  /** Closes this process's copy of the far end, once the program has its own. */
  void releaseFar();

  /**
   * Reads up to {@code length} bytes, waiting for the first.
   *
   * @return how many; -1 at the end: nobody has the far end any more
   * @throws Broken if the pipe was closed or reading it failed
   */
  int read(byte[] into, int offset, int length) throws Broken;

  /** How many bytes can be read without waiting. */
  int available() throws Broken;

  /**
   * Writes all of them.
   *
   * @throws Broken if the pipe was closed, or nobody has the far end any more
   */
  void write(byte[] from, int offset, int length) throws Broken;

  /**
   * Closes both ends. A thread that waits in a read may go on waiting until nobody has the far end.
   */
  @Override
  void close();

  /** Nothing can be read from or written to it. */
  final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    /** With the system's words for why. */
    public Broken(String message) {
      super(message);
    }
  }
}
