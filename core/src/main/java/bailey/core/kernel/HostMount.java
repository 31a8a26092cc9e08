package bailey.core.kernel;

import java.util.List;

/**
 * A mount of the machine, from /proc/self/mountinfo (proc_pid_mountinfo(5)).
 *
 * @param point where it is, as this process sees it
 * @param root the part of the file system that is mounted
 * @param type of the file system
 * @param options of the mount, such as {@code ro}
 */
public record HostMount(String point, String root, String type, List<String> options) {
  /** Copies. */
  public HostMount {
    options = List.copyOf(options);
  }
}
