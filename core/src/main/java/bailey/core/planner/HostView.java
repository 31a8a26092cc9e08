package bailey.core.planner;

import bailey.core.kernel.HostMount;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan needs to know of the machine's files, looked up before it is made.
 *
 * @param mounts the mounts that the starter sees, in the order of /proc/self/mountinfo
 * @param secrets which of {@code HostSecrets} exist, by path
 * @param files which sources of bind mounts are no directories
 * @param directory the starter's working directory
 * @param home the starter's home directory; kept visible unless the starter is root
 */
public record HostView(
    List<HostMount> mounts,
    Set<String> secrets,
    Set<String> files,
    String directory,
    Optional<String> home) {
  /** Copies. */
  public HostView {
    mounts = List.copyOf(mounts);
    secrets = Set.copyOf(secrets);
    files = Set.copyOf(files);
  }
}
