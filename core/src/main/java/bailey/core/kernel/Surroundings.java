package bailey.core.kernel;

import bailey.core.kernel.KernelFeatures.IdRange;
import java.util.List;

/**
 * Where in the machine this process is: who is root in a user namespace or inside of a boundary can
 * do what root does, but not to the machine.
 *
 * @param machine whether this is the machine's first user namespace, so that ids are those of the
 *     machine, and its root's rights are over the machine
 * @param boundary whether this process is inside of a boundary: its control groups are below the
 *     one that is the guest's own
 * @param users the user ids that this user namespace has, as seen in it
 * @param groups the group ids that it has
 * @param setsGroups whether setgroups(2) is allowed in it
 */
public record Surroundings(
    boolean machine,
    boolean boundary,
    List<IdRange> users,
    List<IdRange> groups,
    boolean setsGroups) {
  private static final List<IdRange> ALL_IDS = List.of(new IdRange(0, Integer.MAX_VALUE));

  /** On the machine itself. */
  public static final Surroundings MACHINE = new Surroundings(true, false, ALL_IDS, ALL_IDS, true);

  /** Copies. */
  public Surroundings {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
  }
}
