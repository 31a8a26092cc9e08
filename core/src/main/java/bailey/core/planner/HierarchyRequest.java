package bailey.core.planner;

import java.util.Optional;

/**
 * A hierarchy that is mounted or unmounted.
 *
 * @param name of it
 * @param directory its state directory, in {@code parent}
 * @param parent the directory of the state directories of all of them
 * @param tracking the name that the kernel knows its own v1 hierarchy by, which is mounted in
 *     {@link #point()}; empty where it has none
 * @param bindings what says which subsystems are bound where: the file there is, whose name tells
 *     how often that changed
 * @param next the file that takes its place
 * @param text its text
 */
public record HierarchyRequest(
    String name,
    String directory,
    String parent,
    Optional<String> tracking,
    String bindings,
    String next,
    String text) {
  /** Where its own v1 hierarchy is mounted. */
  public String point() {
    return point(directory);
  }

  static String point(String directory) {
    return directory + "/cgroup";
  }
}
