package bailey.core.bundle;

import java.util.List;

/**
 * Where what is known of a bundle's container is kept.
 *
 * @param root the directory of all of them, with those above it as far as they may be missing
 * @param directory of this one in it, named by its id; made when the id is taken, removed last
 */
public record BundleState(String root, String directory) {
  /** The bundle's configuration as it was when the container was created. */
  public static final String CONFIG = "config.json";

  /** What else was asked for, and where its control groups are. */
  public static final String RECORD = "record.json";

  /** Locked while it is created, started or removed (fcntl_locking(2)). */
  public static final String LOCK = "lock";

  /** /proc/PID/stat of its process. */
  public static final String FIRST = "first";

  /** A fifo: who writes a byte to it has the process executed. There until that happened. */
  public static final String START = "start";

  /** A fifo in which the process says why it could not be executed. */
  public static final String STARTED = "started";

  /** What it said there, for who asks afterwards. */
  public static final String FAILED = "failed";

  /** All files, in the order in which they are removed. */
  public static final List<String> ALL =
      List.of(FIRST, START, STARTED, FAILED, CONFIG, RECORD, LOCK);

  /** One of its files. */
  public String file(String name) {
    return directory + "/" + name;
  }
}
