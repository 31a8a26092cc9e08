package bailey.core.planner;

import bailey.core.kernel.HostMount;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan needs to know of the machine's files, looked up before it is made.
 *
 * @param mounts the mounts that the starter sees, in the order of /proc/self/mountinfo
 * @param top what is in the root directory
 * @param secrets which of {@code HostSecrets} exist, by absolute path, those in the home too
 * @param files which sources of bind mounts are no directories
 * @param directory the starter's working directory
 * @param home the starter's home directory; kept visible unless the starter is root
 */
public record HostView(
    List<HostMount> mounts,
    List<Entry> top,
    Set<String> secrets,
    Set<String> files,
    String directory,
    Optional<String> home) {
  /**
   * An entry of the root directory.
   *
   * @param link what it links to, if it is a symbolic link
   */
  public record Entry(String name, boolean directory, Optional<String> link) {}

  /** Copies. */
  public HostView {
    mounts = List.copyOf(mounts);
    top = List.copyOf(top);
    secrets = Set.copyOf(secrets);
    files = Set.copyOf(files);
  }
}
