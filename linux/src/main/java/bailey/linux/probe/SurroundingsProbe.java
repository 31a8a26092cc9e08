package bailey.linux.probe;

import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.KernelFeatures.IdRange;
import bailey.core.kernel.Surroundings;
import bailey.linux.proc.CgroupMembership;
import bailey.linux.proc.IdMap;
import bailey.linux.proc.KernelFile;
import bailey.linux.proc.NamespaceLink;
import java.util.ArrayList;
import java.util.List;

/** Finds out where in the machine this process is. */
final class SurroundingsProbe {
  /** The machine's first namespaces have fixed numbers (linux/nsfs.h, linux/proc_ns.h). */
  private static final long FIRST_USER_NAMESPACE = 0xEFFFFFFDL;

  private static final long FIRST_CGROUP_NAMESPACE = 0xEFFFFFFBL;

  private SurroundingsProbe() {}

  static Surroundings surroundings(CgroupMembership membership) {
    boolean machine = is("user", FIRST_USER_NAMESPACE);
    return new Surroundings(
        machine,
        inBoundary(membership),
        ids("uid_map"),
        ids("gid_map"),
        machine || !KernelFile.readOrEmpty("/proc/self/setgroups").strip().equals("deny"));
  }

  private static boolean is(String kind, long number) {
    return NamespaceLink.read("/proc/self/ns/" + kind)
        .filter(link -> link.inode() == number)
        .isPresent();
  }

  /** Whether this process is inside of a boundary, where these are its groups. */
  static boolean inBoundary(CgroupMembership membership) {
    return hasOwn(membership) && !is("cgroup", FIRST_CGROUP_NAMESPACE);
  }

  private static boolean hasOwn(CgroupMembership membership) {
    return membership.paths().values().stream().anyMatch(SurroundingsProbe::isOwn);
  }

  private static boolean isOwn(String path) {
    return path.equals(CgroupLayout.OWN) || path.startsWith(CgroupLayout.OWN.concat("/"));
  }

  private static List<IdRange> ids(String file) {
    var ranges = new ArrayList<IdRange>();
    for (var line : IdMap.readAll("/proc/self/" + file)) {
      if (line.inside() < Integer.MAX_VALUE) {
        long count = Math.min(line.count(), Integer.MAX_VALUE - line.inside());
        ranges.add(new IdRange((int) line.inside(), (int) count));
      }
    }
    return ranges;
  }
}
