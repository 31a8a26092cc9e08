package bailey;

import java.util.List;

/**
 * A hierarchy, as it is now.
 *
 * @param name of it
 * @param subsystems the names of those that are bound to it
 * @param containers how many it has besides its root
 * @param tasks how many processes are in those; all others of the machine are in its root
 * @param releaseAgent the program that is run with the path of a container that got empty, where
 *     that is to notify; empty text: none
 */
public record HierarchyInfo(
    String name, List<String> subsystems, int containers, int tasks, String releaseAgent) {
  /** Copies. */
  public HierarchyInfo {
    subsystems = List.copyOf(subsystems);
  }
}
