package bailey.core.kernel;

/**
 * An executor that was called on the command line and asks what to do. It reads, writes and
 * executes for this process what has to be done with its own descriptors, rights and terminal. One
 * thread. Closing it, without {@link #end} or {@link #elsewhere} before, is as if this process had
 * ended.
 */
public interface Caller extends AutoCloseable {
  /** What it was called with. */
  Call call();

  /**
   * Has it write all of {@code bytes} to one of its descriptors, and waits until it has.
   *
   * @return 0, or the error number
   * @throws CallerGone if it has ended
   */
  int write(int descriptor, byte[] bytes);

  /**
   * Has it read from one of its descriptors, once, and waits for as long as that takes.
   *
   * @param most at most that many bytes; it may be fewer
   * @return what it read, nothing at the end
   * @throws CallerGone if it has ended
   * @throws java.io.UncheckedIOException if reading was refused
   */
  byte[] read(int descriptor, int most);

  /**
   * Takes one plan. It is done by the caller itself; when a command has been started its execution
   * goes on without this process, and {@link PlanExecutor.Execution#end()} stays open.
   */
  PlanExecutor executor();

  /**
   * Tells it how the call has ended. It ends with that status, unless it executes a plan: then with
   * that of the plan, if that has not failed.
   */
  void end(int status);

  /**
   * Has something done when this is closed and the caller waits for nothing any more; what it
   * throws is nobody's to hear.
   */
  void afterwards(Runnable work);

  /** Tells it to have a process of its own answer the call. Nothing was done of it yet. */
  void elsewhere();

  @Override
  void close();

  /** The caller has ended; nobody waits for what it asked for. */
  final class CallerGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With how that was seen. */
    public CallerGone(String message) {
      super(message);
    }
  }
}
