package bailey.core.kernel;

import java.util.Set;

/**
 * Those who watch files of a mount by inotify(7), of whom its server is not told by the kernel, and
 * how they are told of what changed by other ways than the mount. One thread at a time, none of
 * those that serve it: the kernel asks the server about what this does.
 */
public interface FileWatching extends AutoCloseable {
  /** Nobody watches. */
  FileWatching NONE =
      new FileWatching() {
        @Override
        public Set<Long> watched() {
          return Set.of();
        }

        @Override
        public void tell(Change change) {
          // nobody is there
        }

        @Override
        public void rest() {
          // nothing is kept
        }

        @Override
        public void close() {
          // nothing is kept
        }
      };

  /** What became of a file or directory. */
  enum What {
    /** A file has another content: IN_MODIFY. */
    MODIFIED(0),
    /** A directory is new: IN_CREATE. */
    MADE(1),
    /** A file is gone: IN_DELETE, IN_DELETE_SELF. */
    REMOVED_FILE(2),
    /** A directory is gone. */
    REMOVED_DIRECTORY(2);

    /** Above the groups of users and those that are handed out for them (subgid(5)). */
    private static final int FIRST_GROUP = -32;

    private final int way;

    What(int way) {
      this.way = way;
    }

    /**
     * The group of the process that tells, by which the server knows that nothing is to be done, in
     * whichever server's time the request comes.
     */
    public int group() {
      return FIRST_GROUP + way;
    }
  }

  /**
   * A change.
   *
   * @param directory that it is in: a path below the mount, empty or beginning with a slash
   * @param inode of a file that has another content; else 0
   */
  record Change(What what, String directory, String name, long inode) {}

  /** The inode numbers of what somebody watches; unsigned. */
  Set<Long> watched();

  /** Has the kernel tell of a change. Who watches hears nothing where that is not possible. */
  void tell(Change change);

  /** Nobody watches any more: lets go of what is kept for telling. */
  void rest();

  @Override
  void close();
}
