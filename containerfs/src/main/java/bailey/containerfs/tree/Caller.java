package bailey.containerfs.tree;

/**
 * Who asks.
 *
 * @param uid in the first user namespace
 * @param gid in the first user namespace
 * @param thread its number, as this process sees it; 0 where it does not
 */
public record Caller(int uid, int gid, int thread) {
  /** The same thread with what another user may. */
  public Caller as(int user) {
    return user == uid ? this : new Caller(user, gid, thread);
  }
}
