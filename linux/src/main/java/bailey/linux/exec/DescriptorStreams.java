package bailey.linux.exec;

import bailey.linux.sys.OwnedFd;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;

/**
 * Native descriptors of pipes and files as the JDK's own streams, which are as quick as those of
 * {@link Process}: opened anew by their link in /proc/self/fd, which for pipes and files gives the
 * same object. Not for sockets (ENXIO) and the master side of a terminal (another terminal). Any
 * thread.
 */
public final class DescriptorStreams {
  private DescriptorStreams() {}

  /** A stream of what can be read from {@code fd}, which is closed, also on failure. */
  public static FileInputStream input(OwnedFd fd) throws FileNotFoundException {
    try (fd) {
      return new FileInputStream("/proc/self/fd/" + fd.number());
    }
  }

  /**
   * A stream to {@code fd}, which is closed, also on failure. A file (not a pipe) is emptied, as
   * opening for writing does in Java.
   */
  public static FileOutputStream output(OwnedFd fd) throws FileNotFoundException {
    try (fd) {
      return new FileOutputStream("/proc/self/fd/" + fd.number());
    }
  }
}
