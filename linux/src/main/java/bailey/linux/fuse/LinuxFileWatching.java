package bailey.linux.fuse;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.FileWatching;
import bailey.core.planner.FileEventPlanner;
import bailey.linux.exec.ExecutorConnection;
import bailey.linux.proc.WatchedInodes;
import bailey.linux.sys.FileStatus;
import bailey.linux.sys.SystemCall;
import bailey.linux.sys.SystemCallRefused;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Those who watch files of a mount. An executor of its own tells them, since the call waits for the
 * server: a thread of the server that waits for another one of it would keep a server that is
 * killed from ending, and an executor that has other plans as well, from these.
 */
final class LinuxFileWatching implements FileWatching {
  private static final long NO_DEVICE = -1;

  private final String directory;
  private final int major;
  private final int minor;
  private final FileEventPlanner planner;
  private @Nullable ExecutorConnection executor;

  /** What is mounted there now; where that cannot be seen nobody is told. */
  LinuxFileWatching(String directory) {
    this.directory = directory;
    long device = device(directory);
    this.major = (int) (device >> Integer.SIZE);
    this.minor = (int) device;
    this.planner = new FileEventPlanner(SystemCall.ARCH, major, minor);
  }

  private static long device(String directory) {
    try {
      return FileStatus.of(directory).device();
    } catch (SystemCallRefused _) {
      return NO_DEVICE;
    }
  }

  @Override
  public Set<Long> watched() {
    return major < 0 ? Set.of() : WatchedInodes.of(major, minor);
  }

  @Override
  public void tell(Change change) {
    var known = executor;
    if (known == null) {
      known = new ExecutorConnection();
      executor = known;
    }
    try {
      var _ = known.execute(planner.plan(directory, change), List.of()).end().join();
    } catch (CompletionException | NotPossibleHere _) {
      // it was ended, or cannot be started here
    }
  }

  @Override
  public void rest() {
    close();
  }

  @Override
  public void close() {
    var known = executor;
    executor = null;
    if (known != null) {
      known.close();
    }
  }
}
