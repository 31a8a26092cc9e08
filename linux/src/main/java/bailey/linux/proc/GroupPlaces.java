package bailey.linux.proc;

import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the groups are that /proc/PID/cgroup names: below the mount points of a layout, of which
 * each may show only a part of its hierarchy.
 *
 * @param roots the kernel's name of a controller, {@link CgroupFiles#CORE} for cgroup2, to the part
 *     of its hierarchy that is mounted
 */
public record GroupPlaces(Map<String, String> roots) {
  /** Copies. */
  public GroupPlaces {
    roots = Map.copyOf(roots);
  }

  /** Of the mounts that this process sees. */
  public static GroupPlaces of(CgroupLayout layout, List<MountEntry> mounts) {
    var byPoint = new HashMap<String, String>();
    for (var mount : mounts) {
      if (mount.type().equals("cgroup") || mount.type().equals("cgroup2")) {
        byPoint.put(mount.point(), mount.root());
      }
    }
    var roots = new HashMap<String, String>();
    layout
        .mounts()
        .forEach((controller, point) -> roots.put(controller, byPoint.getOrDefault(point, "/")));
    layout
        .unified()
        .ifPresent(point -> roots.put(CgroupFiles.CORE, byPoint.getOrDefault(point, "/")));
    return new GroupPlaces(roots);
  }

  /**
   * The groups as {@link CgroupFiles} has their paths; without those that cannot be seen.
   * Hierarchies that were mounted since, which bailey mounts whole, are taken as they are.
   */
  public Map<String, String> of(CgroupMembership membership) {
    var places = new HashMap<String, String>();
    membership
        .paths()
        .forEach(
            (name, path) -> {
              String controller = name.isEmpty() ? CgroupFiles.CORE : name;
              String root = roots.getOrDefault(controller, "/");
              String below = CgroupMembership.below(root, path);
              if (!below.isEmpty()) {
                places.put(controller, below.substring(1));
              }
            });
    return places;
  }
}
