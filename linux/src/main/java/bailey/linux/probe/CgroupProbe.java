package bailey.linux.probe;

import bailey.core.kept.Fact;
import bailey.core.kernel.CgroupLayout;
import bailey.core.subsystem.CgroupFeatures;
import bailey.linux.cgroup.LinuxCgroupFiles;
import bailey.linux.proc.CgroupMembership;
import bailey.linux.proc.MountEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the control groups: v1 (each hierarchy mounted by itself), v2, or both (hybrid). What a
 * path of /proc/self/cgroup means below a mount point depends on the part of the hierarchy that is
 * mounted there: inside of other containers that is often not its root.
 */
final class CgroupProbe {
  /** The controllers of cgroup v1; the other options of its mounts are none. */
  private static final Set<String> CONTROLLERS =
      Set.of(
          "blkio",
          "cpu",
          "cpuacct",
          "cpuset",
          "devices",
          "freezer",
          "hugetlb",
          "memory",
          "misc",
          "net_cls",
          "net_prio",
          "perf_event",
          "pids",
          "rdma");

  private CgroupProbe() {}

  /**
   * The layout, as the machine's files have it.
   *
   * @param looks by which they are looked at
   * @param seen gets the texts of those that were read
   */
  static CgroupLayout layout(
      List<MountEntry> mounts, CgroupMembership membership, int uid, Looks looks, List<Fact> seen) {
    boolean boundary = SurroundingsProbe.inBoundary(membership);
    return layout(mounts, membership, uid, boundary, new FileAccess(looks, seen));
  }

  /** What of the control group files must be looked at. */
  interface Access {
    /** The text of a file, empty if it cannot be read. */
    String read(String path);

    /** Whether this user may write to a file, or make entries in a directory. */
    boolean writable(String path);
  }

  /** The machine's files. */
  private record FileAccess(Looks looks, List<Fact> seen) implements Access {
    @Override
    public String read(String path) {
      String text = looks.text(path);
      seen.add(new Fact.Text(path, text));
      return text;
    }

    @Override
    public boolean writable(String path) {
      return looks.writable(path);
    }
  }

  static CgroupLayout layout(
      List<MountEntry> mounts,
      CgroupMembership membership,
      int uid,
      boolean boundary,
      Access access) {
    var hierarchies = new HashMap<String, MountEntry>();
    MountEntry unified = null;
    for (var mount : mounts) {
      if (mount.type().equals("cgroup2")) {
        unified = better(unified, mount);
      } else if (mount.type().equals("cgroup")) {
        for (var option : mount.superOptions()) {
          if (isController(option)) {
            hierarchies.put(option, better(hierarchies.get(option), mount));
          }
        }
      }
    }
    var points = new HashMap<String, String>();
    var own = new HashMap<String, String>();
    for (var hierarchy : hierarchies.entrySet()) {
      points.put(hierarchy.getKey(), hierarchy.getValue().point());
      own(own, membership, hierarchy.getKey(), hierarchy.getValue());
    }
    own(own, membership, "", unified);
    var base =
        boundary
            ? base(points, unified, CgroupLayout.OWN, access)
            : uid == 0 ? base(points, unified, "", access) : userBase(unified, own, access);
    return new CgroupLayout(
        points,
        unified == null ? Optional.empty() : Optional.of(unified.point()),
        unified == null
            ? List.of()
            : controllers(unified, base.equals("/bailey") ? "" : base, access),
        own,
        base.isEmpty() ? Optional.empty() : Optional.of(base));
  }

  /**
   * What the groups of {@code layout} offer, as told by the files of bailey's own group where there
   * is one, else of the group that this process is in: not of a top group, which has others.
   */
  static CgroupFeatures features(CgroupLayout layout, long pageSize, Looks looks) {
    String sample = sample(layout, looks);
    looks.names(changing(layout, sample));
    for (var point : layout.mounts().values()) {
      var _ = looks.exists(point + "/" + sample);
    }
    return new LinuxCgroupFiles(layout).features(pageSize, sample);
  }

  /**
   * The directories whose files are not the same as long as the directory is there: those of
   * cgroup2 come and go with controllers, pressure and kind (cgroup_apply_control() of the kernel),
   * those of an input and output scheduler with its module (blkcg_policy_register()).
   */
  private static List<String> changing(CgroupLayout layout, String sample) {
    var folders = new ArrayList<String>();
    layout.unified().ifPresent(point -> folders.add(point + "/" + sample));
    var blocks = layout.mounts().get("blkio");
    if (blocks != null) {
      folders.add(blocks + "/" + sample);
    }
    return folders;
  }

  private static String sample(CgroupLayout layout, Looks looks) {
    String base = layout.base().orElse("/");
    if (!base.equals("/") && exists(layout, base, looks)) {
      return base.substring(1);
    }
    if (base.startsWith(CgroupLayout.OWN.concat("/"))) {
      return CgroupLayout.OWN.substring(1); // there in each hierarchy that the guest has
    }
    String own = layout.own().getOrDefault("", "/");
    for (var path : layout.own().values()) {
      if (own.equals("/")) {
        own = path;
      }
    }
    return own.equals("/") ? "bailey" : own.substring(1);
  }

  private static boolean exists(CgroupLayout layout, String path, Looks looks) {
    for (var point : layout.mounts().values()) {
      if (looks.exists(point.concat(path))) {
        return true;
      }
    }
    return layout.unified().isPresent() && looks.exists(layout.unified().get().concat(path));
  }

  private static boolean isController(String option) {
    return CONTROLLERS.contains(option) || option.startsWith("name=");
  }

  /** Of two mounts of one hierarchy the one that shows more of it. */
  private static MountEntry better(@Nullable MountEntry one, MountEntry other) {
    return one == null || (!one.root().equals("/") && other.root().equals("/")) ? other : one;
  }

  private static void own(
      Map<String, String> own,
      CgroupMembership membership,
      String controller,
      @Nullable MountEntry mount) {
    String path = membership.paths().get(controller);
    if (path != null && mount != null) {
      var below = CgroupMembership.below(mount.root(), path);
      if (!below.isEmpty()) {
        own.put(controller, below);
      }
    }
  }

  /** bailey's group in {@code above}, where that can be written. */
  private static String base(
      Map<String, String> points, @Nullable MountEntry unified, String above, Access access) {
    boolean writable = unified != null && access.writable(unified.point().concat(above));
    for (var point : points.values()) {
      writable = writable || access.writable(point.concat(above));
    }
    return writable ? above.concat("/bailey") : "";
  }

  /**
   * A user's containers: beside the cgroup that this process is in, where its parent was delegated
   * too (a scope or service of the user's own systemd), for a cgroup with processes in it may not
   * hand controllers on to its children (cgroups-v2, "No Internal Process Constraint"); else inside
   * of it, from where the first launch moves the processes to a leaf: then this finds the same.
   */
  private static String userBase(
      @Nullable MountEntry unified, Map<String, String> own, Access access) {
    String path = own.get("");
    if (unified == null || path == null) {
      return "";
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0 && delegated(unified.point().concat(path.substring(0, slash)), access)) {
      return path.substring(0, slash).concat("/bailey");
    }
    String inside = path.equals("/") ? "" : path;
    return delegated(unified.point().concat(inside), access) ? inside.concat("/bailey") : "";
  }

  private static boolean delegated(String folder, Access access) {
    return access.writable(folder)
        && access.writable(folder.concat("/cgroup.procs"))
        && access.writable(folder.concat("/cgroup.subtree_control"));
  }

  /** What the cgroup offers in which containers are made, or the root where that is bailey's. */
  private static List<String> controllers(MountEntry unified, String base, Access access) {
    String folder = unified.point();
    if (base.endsWith("/bailey")) {
      folder = folder.concat(base.substring(0, base.length() - "/bailey".length()));
    } else if (!base.isEmpty()) {
      folder = folder.concat(base);
    }
    var names = new ArrayList<String>();
    for (var name : access.read(folder.concat("/cgroup.controllers")).strip().split(" ", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }
}
