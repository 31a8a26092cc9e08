package bailey.core.kernel;

import bailey.core.abi.Arch;
import bailey.core.subsystem.CgroupFeatures;
import java.util.List;
import java.util.Set;

/**
 * A snapshot of what the kernel and this user can do: all that planners need to know of the
 * machine.
 *
 * @param arch the architecture
 * @param release of the kernel, such as {@code 6.12.48+deb13-amd64}
 * @param uid effective user id of this process
 * @param gid effective group id of this process
 * @param capabilities effective capabilities of this process, bit n is capability n
 * @param cgroups where control groups are
 * @param controllers what control groups offer
 * @param namespaces kinds that the kernel has, by their names in /proc/self/ns
 * @param fileSystems types that the kernel knows now or can load, from /proc/filesystems and
 *     modules
 * @param userId the ids this user may map in a user namespace (user, /etc/subuid)
 * @param groupId the group ids this user may map (/etc/subgid)
 * @param newuidmap path of the newuidmap program, empty string if there is none
 * @param newgidmap path of the newgidmap program, empty string if there is none
 * @param procOvermounted whether parts of the /proc here are covered, so that an unprivileged user
 *     namespace may not mount a new one
 * @param surroundings where in the machine this process is
 */
public record KernelFeatures(
    Arch arch,
    String release,
    int uid,
    int gid,
    long capabilities,
    CgroupLayout cgroups,
    CgroupFeatures controllers,
    Set<String> namespaces,
    Set<String> fileSystems,
    List<IdRange> userId,
    List<IdRange> groupId,
    String newuidmap,
    String newgidmap,
    boolean procOvermounted,
    Surroundings surroundings) {
  /** A range of ids that belong to a user. */
  public record IdRange(int first, int count) {}

  /** Copies. */
  public KernelFeatures {
    namespaces = Set.copyOf(namespaces);
    fileSystems = Set.copyOf(fileSystems);
    userId = List.copyOf(userId);
    groupId = List.copyOf(groupId);
  }

  /** The same with other control groups. */
  public KernelFeatures with(CgroupLayout layout, CgroupFeatures offered) {
    return new KernelFeatures(
        arch,
        release,
        uid,
        gid,
        capabilities,
        layout,
        offered,
        namespaces,
        fileSystems,
        userId,
        groupId,
        newuidmap,
        newgidmap,
        procOvermounted,
        surroundings);
  }

  /** Whether the release is at least {@code major.minor}. */
  public boolean atLeast(int major, int minor) {
    int[] parts = new int[2];
    int part = 0;
    for (int i = 0; i < release.length() && part < 2; i++) {
      char c = release.charAt(i);
      if (c >= '0' && c <= '9') {
        parts[part] = parts[part] * 10 + (c - '0');
      } else {
        part++;
      }
    }
    return parts[0] > major || (parts[0] == major && parts[1] >= minor);
  }

  /** Whether this process has capability {@code number} (linux/capability.h). */
  public boolean has(int number) {
    return ((capabilities >> number) & 1) != 0;
  }

  /**
   * Whether this process may do what root does to its own namespaces: CAP_SYS_ADMIN and CAP_SETUID,
   * bits 21 and 7. In a user namespace that is not yet root of the machine: {@link #machineRoot}.
   */
  public boolean privileged() {
    return has(21) && has(7);
  }

  /**
   * Whether this process may do to the machine what root does: make device nodes, map owners of
   * files, mount what only the machine's root may mount.
   */
  public boolean machineRoot() {
    return privileged() && surroundings.machine();
  }

  /**
   * Whether this process, not {@link #privileged}, may map ids of its user namespace to those of a
   * new one by itself: CAP_SETUID and CAP_SETGID, bits 7 and 6 (user_namespaces(7)). So is root
   * inside of a boundary that has no user namespace of its own.
   */
  public boolean mapsIds() {
    return has(7) && has(6);
  }
}
