package bailey.core.kernel;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where this machine's control groups are, from /proc/self/mountinfo and /proc/self/cgroup.
 *
 * @param mounts v1 controller name (also {@code name=systemd}) to the mount point of its hierarchy;
 *     empty on a machine with v2 alone
 * @param unified mount point of the cgroup2 file system, empty if there is none
 * @param unifiedControllers controllers that cgroup2 offers (cgroup.controllers): to root those of
 *     the top, to an ordinary user those that were delegated
 * @param own the path, in each hierarchy, of the cgroup that this process is in: v1 controller
 *     name, or {@code ""} for cgroup2, to a path that starts with {@code /}
 * @param base the path below each mount point under which bailey makes its containers: {@code
 *     /bailey} for root, {@code /own/bailey} inside of a boundary, a delegated cgroup otherwise;
 *     empty where this user may not make any
 */
public record CgroupLayout(
    Map<String, String> mounts,
    Optional<String> unified,
    List<String> unifiedControllers,
    Map<String, String> own,
    Optional<String> base) {
  /**
   * The group that is the guest's own inside of a boundary, as its cgroup namespace shows it: all
   * of the guest's processes and groups are in it.
   */
  public static final String OWN = "/own";

  /** Copies. */
  public CgroupLayout {
    mounts = Map.copyOf(mounts);
    unifiedControllers = List.copyOf(unifiedControllers);
    own = Map.copyOf(own);
  }

  /** A machine without any control group. */
  public static final CgroupLayout NONE =
      new CgroupLayout(Map.of(), Optional.empty(), List.of(), Map.of(), Optional.empty());

  /** The version of a controller here, by its v1 and v2 names; empty if neither version has it. */
  public Optional<CgroupVersion> version(String v1Name, String v2Name) {
    if (mounts.containsKey(v1Name)) {
      return Optional.of(CgroupVersion.V1);
    }
    return unified.isPresent() && unifiedControllers.contains(v2Name)
        ? Optional.of(CgroupVersion.V2)
        : Optional.empty();
  }
}
