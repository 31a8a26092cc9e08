package bailey.core.kernel;

import java.util.Optional;

/**
 * A socket at which the executors of this user ask. Several threads may accept at the same time;
 * each visitor is one thread's. Closing it lets nobody in any more; callers that were admitted
 * stay.
 */
public interface CallSocket extends AutoCloseable {
  /**
   * Waits until somebody connects.
   *
   * @return empty if this was closed meanwhile
   */
  Optional<Visitor> accept();

  /** Whether it was closed, also because a caller of another build wants a planner of its own. */
  boolean isClosed();

  @Override
  void close();

  /** Somebody who has connected, and is either admitted or put off. */
  interface Visitor {
    /**
     * Takes the call, if this process can plan for who makes it: one with the same user, groups,
     * capabilities, namespaces, root directory and confinement. Others are told to do without.
     *
     * @return empty where it was not taken
     */
    Optional<Caller> admit();

    /** Tells it to come again: there is too much to do now. */
    void putOff();
  }
}
