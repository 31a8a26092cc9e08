package bailey.core.kernel;

/**
 * Something that a process holds and that others may hold too, as /proc/PID shows it
 * (proc_pid_fd(5), proc_pid_fdinfo(5), proc_pid_maps(5)).
 *
 * @param place how it is held
 * @param thing what is held
 * @param name what the kernel calls it, such as a path as the process sees it
 * @param foreign whether it is a file on a mount that is not in the mount namespace of the process
 */
public record Holding(Place place, Thing thing, String name, boolean foreign) {
  /** How something is held. */
  public sealed interface Place {
    /** By an open descriptor of that number. */
    record Descriptor(int number) implements Place {}

    /** As memory that is shared with whoever maps the same. */
    record Memory(boolean writable) implements Place {}

    /** As the working directory. */
    record Directory() implements Place {}
  }

  /**
   * What is held: equal if and only if it is the same thing, where things of its kind can be told
   * apart.
   *
   * @param kind of it
   * @param device of the file system, major * 2^32 + minor; 0 where there is one for all
   * @param number on that: an inode, or what {@code kind} says
   */
  public record Thing(Kind kind, long device, long number) {
    /** A pipe, socket, namespace or whatever else has a number of its own in the whole kernel. */
    public static Thing of(Kind kind, long number) {
      return new Thing(kind, 0, number);
    }
  }

  /** Kinds of things. */
  public enum Kind {
    /** A pipe, either end. */
    PIPE,
    /** A socket. */
    SOCKET,
    /** A pipe with a name in a file system. */
    FIFO,
    /** A file, a directory, or a handle to such a place. */
    FILE,
    /** A file that has only ever been in memory (memfd_create(2)). */
    MEMORY_FILE,
    /** A terminal (pts(4)); its number is that of its line. */
    TERMINAL,
    /** The other side of a terminal (ptmx(4)); its number is that of the terminal's line. */
    TERMINAL_MASTER,
    /** A device; its number is that of the device, as {@code device} otherwise. */
    DEVICE,
    /** A namespace. */
    NAMESPACE,
    /** A process (pidfd_open(2)); its number is its pid here, below 1 if it has none here. */
    PROCESS,
    /** A counter of events (eventfd(2)); its number is its id. */
    COUNTER,
    /** What waits for something on behalf of the process: epoll, timerfd, signalfd, inotify. */
    WAITER,
    /** Anything else that the kernel keeps. */
    OTHER
  }
}
