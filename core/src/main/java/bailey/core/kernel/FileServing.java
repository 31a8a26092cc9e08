package bailey.core.kernel;

import bailey.core.abi.Errno;
import java.nio.ByteBuffer;

/**
 * File systems that a program serves (fuse(4)). Found by {@link java.util.ServiceLoader}. Any
 * thread.
 */
public interface FileServing {
  /**
   * Mounts a new file system at a directory: readable for all users, who are let in by the modes of
   * its files.
   *
   * @param source what /proc/self/mountinfo shows as its source
   * @param directory an absolute path
   * @throws bailey.core.error.NotPossibleHere if /dev/fuse cannot be opened, or this user may not
   *     mount it there
   */
  Channel mount(String source, String directory);

  /**
   * The channel of a file system that is mounted already.
   *
   * @param descriptor of /dev/fuse, open in this process; it becomes the channel's
   */
  Channel adopt(int descriptor);

  /**
   * Takes what is mounted at a directory away.
   *
   * @param force whether also where somebody uses it: whoever waits is answered ECONNABORTED, and
   *     what is open is of no use any more (MNT_FORCE, MNT_DETACH of umount2(2))
   * @return false if nothing was mounted there
   * @throws bailey.core.error.ContainerBusy if somebody uses it
   * @throws bailey.core.error.NotPossibleHere if this user may not
   */
  boolean unmount(String directory, boolean force);

  /** Those who watch files of what is mounted at a directory now; to be closed. */
  FileWatching watching(String directory);

  /** By which the kernel's requests come and answers go. Any thread; several may read at once. */
  interface Channel extends AutoCloseable {
    /**
     * Sends one answer or notice, from the start of a direct buffer to its position.
     *
     * @return 0 or an error, negative: {@link Errno#ENOENT} where the request is gone
     */
    int write(ByteBuffer from);

    /**
     * Has the kernel read a file by itself where an answer to an open says so (FUSE_PASSTHROUGH,
     * Linux 6.9).
     *
     * @param descriptor of the file in this process, which may be closed then
     * @return the number by which answers name it; or an error, negative
     */
    default int lend(int descriptor) {
      return -Errno.ENOSYS.number();
    }

    /** Has the kernel let go of such a file, when it is not open any more. */
    default void takeBack(int number) {
      // nothing was lent
    }

    /**
     * One thread's way to read requests and answer them, again and again.
     *
     * @param request in which requests are found, from its start; both are direct, in the machine's
     *     byte order, and used until the channel is closed
     * @param answer from which answers are sent, as {@link #write} does
     */
    Lane lane(ByteBuffer request, ByteBuffer answer);

    /** One thread's way. */
    interface Lane {
      /**
       * Takes a request, if there is one; the buffer's position and limit are not touched.
       *
       * @return how many bytes it has; or an error, negative: {@link Errno#EAGAIN} where there is
       *     none, {@link Errno#ENODEV} where the file system was unmounted, {@link Errno#ENOENT}
       *     where a request was taken back meanwhile
       */
      int take();

      /** Sleeps until there is a request or the file system was unmounted, or for no reason. */
      void await();

      /** As {@link Channel#write}. */
      int write();

      /**
       * Goes on on the processor on which a thread was last, where this one may: who asks and waits
       * is then not woken on a processor that sleeps, which takes longer than most answers.
       *
       * @param thread its number, as requests have it
       */
      default void join(int thread) {
        // any processor is as good
      }
    }

    /** The descriptor's number. */
    int descriptor();

    /** Closes the descriptor; where no other process has it, the service ends. */
    @Override
    void close();
  }
}
