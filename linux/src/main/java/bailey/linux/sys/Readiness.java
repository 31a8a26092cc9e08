package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

/** Waiting for descriptors to become readable (ppoll(2)). */
public final class Readiness {
  private Readiness() {}

  /**
   * Waits until one of {@code descriptors} is readable, has an error, or is at its end.
   *
   * @param millis how long at most; 0 looks and does not wait, negative is without end
   * @return the index of the first that is ready, -1 if none became so in time
   */
  public static int await(long millis, int... descriptors) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var polls = arena.allocate((long) Layout.POLLFD_SIZE * descriptors.length, 8);
      for (int i = 0; i < descriptors.length; i++) {
        long at = (long) i * Layout.POLLFD_SIZE;
        polls.set(ValueLayout.JAVA_INT, at, descriptors[i]);
        polls.set(ValueLayout.JAVA_SHORT, at + Layout.POLLFD_EVENTS, (short) Layout.POLLIN);
      }
      var time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      time.setAtIndex(ValueLayout.JAVA_LONG, 0, millis / 1000);
      time.setAtIndex(ValueLayout.JAVA_LONG, 1, TimeUnit.MILLISECONDS.toNanos(millis % 1000));
      // The kernel leaves the time that is left in `time`: an interrupted wait goes on with it.
      long result;
      do {
        result =
            SystemCall.call(
                Sys.PPOLL,
                polls.address(),
                descriptors.length,
                millis < 0 ? 0 : time.address(),
                0,
                8,
                0);
      } while (result == -Errno.EINTR.number());
      if (result < 0) {
        throw new SystemCallRefused(Sys.PPOLL, (int) -result);
      }
      for (int i = 0; i < descriptors.length; i++) {
        long at = (long) i * Layout.POLLFD_SIZE + Layout.POLLFD_REVENTS;
        if (polls.get(ValueLayout.JAVA_SHORT, at) != 0) {
          return i;
        }
      }
      return -1;
    }
  }
}
