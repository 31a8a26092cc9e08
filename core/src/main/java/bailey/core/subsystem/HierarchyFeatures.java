package bailey.core.subsystem;

import bailey.core.container.Subsystem;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.KernelFeatures;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a machine offers to the containers of one hierarchy: of its control groups those of the
 * subsystems that are bound to it. The default hierarchy has cgroup2, which is one tree for all
 * controllers; another has groups of v1, or, where none of its subsystems is a controller of the
 * kernel, a v1 hierarchy of its own that only says which task is in which container (cgroup-v1,
 * "Attaching processes", named hierarchies).
 */
public final class HierarchyFeatures {
  /** The subsystem that the kernel's cpuset hierarchy goes with, for its memory nodes. */
  private static final String CPUSET = "cpuset";

  private static final String NAMED = "name=";

  /** MAX_CGROUP_ROOT_NAMELEN is 64, with the NUL. */
  private static final int MOST_NAME = 63;

  private HierarchyFeatures() {}

  /** The name that the kernel knows a hierarchy by that tracks tasks: {@code name=bailey.jobs}. */
  public static String tracking(String base) {
    return NAMED + base.substring(base.lastIndexOf('/') + 1);
  }

  /** Whether what looks like a controller of v1 only tracks tasks. */
  public static boolean isTracking(String controller) {
    return controller.startsWith(NAMED);
  }

  /**
   * Of the default hierarchy.
   *
   * @param bound the names of its subsystems
   */
  public static KernelFeatures ofDefault(
      KernelFeatures machine, Subsystems all, Collection<String> bound) {
    var taken = kernelControllers(all, names(all));
    taken.removeAll(kernelControllers(all, bound));
    var c = machine.cgroups();
    var mounts = new HashMap<>(c.mounts());
    mounts.keySet().removeIf(name -> taken.contains(name) || name.startsWith(NAMED));
    var offered = new HashMap<>(machine.controllers().controllers());
    offered
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue().version() == CgroupVersion.V1
                    && !mounts.containsKey(entry.getKey()));
    return machine.with(
        new CgroupLayout(mounts, c.unified(), c.unifiedControllers(), c.own(), c.base()),
        new CgroupFeatures(machine.controllers().pageSize(), offered));
  }

  /**
   * Of another hierarchy.
   *
   * @param bound the names of its subsystems
   * @param base the group below which its containers are, in each of its kernel hierarchies
   * @param point where its own v1 hierarchy is mounted, for one that needs it
   */
  public static KernelFeatures of(
      KernelFeatures machine,
      Subsystems all,
      Collection<String> bound,
      String base,
      Optional<String> point) {
    var here = kernelControllers(all, bound);
    var mounts = new LinkedHashMap<>(machine.cgroups().mounts());
    mounts.keySet().retainAll(here);
    var offered = new HashMap<>(machine.controllers().controllers());
    offered.keySet().retainAll(mounts.keySet());
    point.ifPresent(path -> mounts.put(tracking(base), path));
    var own = machine.cgroups().own();
    return machine.with(
        new CgroupLayout(mounts, Optional.empty(), List.of(), own, Optional.of(base)),
        new CgroupFeatures(machine.controllers().pageSize(), offered));
  }

  /** Whether a hierarchy of these subsystems needs a v1 hierarchy of its own to track tasks. */
  public static boolean tracks(KernelFeatures machine, Subsystems all, Collection<String> bound) {
    var here = kernelControllers(all, bound);
    return machine.cgroups().mounts().keySet().stream().noneMatch(here::contains);
  }

  /** The kernel's v1 controllers that subsystems take with them. */
  private static Set<String> kernelControllers(Subsystems all, Collection<String> names) {
    var controllers = new TreeSet<String>();
    for (var controller : all.controllers()) {
      if (names.contains(controller.name())) {
        controllers.add(controller.kernelController(CgroupVersion.V1));
      }
    }
    // the memory nodes cannot be had in any other way, CPUs can, by affinity
    boolean nodes = all.subsystem("memset").isEmpty() || names.contains("memset");
    if (!nodes) {
      controllers.remove(CPUSET);
    }
    return controllers;
  }

  private static List<String> names(Subsystems all) {
    return all.all().stream().map(Subsystem::name).toList();
  }

  /**
   * Refuses what this kernel cannot bind to another hierarchy than the default one.
   *
   * @param bound the names of the subsystems that are to be bound together
   * @param base the group below which its containers are to be
   * @throws NotPossibleHere saying why, and what to do instead
   * @throws BadRequest where a subsystem is left out that the kernel has in the same hierarchy
   */
  public static void check(
      KernelFeatures machine, Subsystems all, Collection<String> bound, String base) {
    if (tracks(machine, all, bound)) {
      checkTracking(machine, tracking(base).substring(NAMED.length()));
    }
    for (var controller : all.controllers()) {
      if (bound.contains(controller.name())) {
        checkVersion(machine, controller);
      }
    }
    var here = kernelControllers(all, bound);
    var together = new TreeMap<String, Set<String>>();
    machine
        .cgroups()
        .mounts()
        .forEach((name, point) -> together.computeIfAbsent(point, _ -> new TreeSet<>()).add(name));
    for (Map.Entry<String, Set<String>> mount : together.entrySet()) {
      var apart = new TreeSet<>(mount.getValue());
      apart.retainAll(kernelControllers(all, names(all)));
      if (apart.stream().anyMatch(here::contains) && !here.containsAll(apart)) {
        throw new BadRequest(
            "-o: "
                + String.join(" and ", apart)
                + " are in one hierarchy of this kernel, mounted on "
                + mount.getKey()
                + "; name all of them or none");
      }
    }
  }

  /** A new hierarchy of v1 is made only where all of the machine is seen (cgroup1_get_tree()). */
  private static void checkTracking(KernelFeatures machine, String name) {
    if (!machine.surroundings().machine()) {
      throw new NotPossibleHere(
          "-o: none of these is a controller that was given to this container, and inside of one"
              + " the kernel makes no further hierarchy to track tasks; name a controller too, or"
              + " mount it outside");
    }
    if (name.length() > MOST_NAME) {
      throw new BadRequest(
          "hierarchy: the kernel would know it as "
              + name
              + ", which has more than "
              + MOST_NAME
              + " characters; take a shorter name");
    }
  }

  private static void checkVersion(KernelFeatures machine, Controller controller) {
    var v1 = controller.kernelController(CgroupVersion.V1);
    if (machine.cgroups().mounts().containsKey(v1)) {
      return;
    }
    boolean v2 = controller.version(machine.controllers()).isPresent();
    throw new NotPossibleHere(
        "-o: "
            + controller.name()
            + (v2
                ? " cannot be bound to a hierarchy of its own: this kernel has it on cgroup v2,"
                    + " which is one tree for all controllers, that of the default hierarchy;"
                    + " leave it there, and bind namespaces or what is no controller of the kernel"
                : " cannot be bound: this kernel has no such controller; bailey doctor shows those"
                    + " there are"));
  }
}
