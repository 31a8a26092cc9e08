package bailey.core.planner;

import bailey.core.container.ContainerPath;
import bailey.core.kernel.CgroupLayout;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.HierarchyFeatures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Which control groups a container has, and where.
 *
 * <p>On v1 it has one in each hierarchy whose controller it needs, on v2 it has one; its tasks are
 * in it and see it as the root. On v2 a group whose children have controllers may not have tasks
 * itself (cgroup-v2.rst, "No Internal Process Constraint"): when a container gets its first child,
 * its tasks are moved to a leaf {@value #LEAF} below it. On a hybrid machine, v1 with a cgroup2
 * mount beside it, it is also in cgroup2, for freeze, kill and events. In a hierarchy that has no
 * controller it is in the v1 hierarchy that only tracks tasks.
 *
 * @param directories the kernel's name of a controller, {@link #CORE} for cgroup2 itself, to the
 *     absolute path of the group
 * @param unified whether controllers are those of v2
 * @param confining further groups that a boundary is in, of hierarchies of which it gets nothing
 */
public record Placement(
    SequencedMap<String, String> directories, boolean unified, SequencedSet<String> confining) {
  /** The kernel's name for what cgroup2 has without any controller. */
  public static final String CORE = Controller.CORE;

  /** Where the tasks of a container that has children are, below its group, on v2. */
  public static final String LEAF = "tasks";

  private static final List<String> ACCOUNTED_V1 = List.of("memory", "pids", "cpu", "cpuacct");
  private static final List<String> ACCOUNTED_V2 = List.of("memory", "pids", "cpu");

  /**
   * The groups of a container.
   *
   * @param controllers those that limits ask for, by the names of the version at hand
   * @param accounted whether usage is to be known without limits as well
   * @param confiningPoints mount points of further hierarchies in which it is to have a group
   * @return no directories where this user may make no groups
   */
  static Placement of(
      CgroupLayout layout,
      ContainerPath name,
      Set<String> controllers,
      boolean accounted,
      Set<String> confiningPoints) {
    var directories = new LinkedHashMap<String, String>();
    boolean v2 = layout.mounts().isEmpty();
    if (layout.base().isEmpty()) {
      return new Placement(directories, v2, new LinkedHashSet<>());
    }
    String below = layout.base().get() + "/" + name.directory();
    layout.unified().ifPresent(mount -> directories.put(CORE, mount + below));
    var wanted = new LinkedHashSet<String>();
    if (accounted) {
      wanted.addAll(v2 ? ACCOUNTED_V2 : ACCOUNTED_V1);
    }
    if (!v2 && layout.unified().isEmpty()) {
      wanted.add("freezer");
    }
    wanted.addAll(controllers);
    layout.mounts().keySet().stream().filter(HierarchyFeatures::isTracking).forEach(wanted::add);
    for (var controller : wanted) {
      String mount = layout.mounts().get(controller);
      if (mount != null) {
        directories.put(controller, mount + below);
      } else if (layout.unified().isPresent() && layout.unifiedControllers().contains(controller)) {
        directories.put(controller, layout.unified().get() + below);
      }
    }
    var confining = new LinkedHashSet<String>();
    confiningPoints.forEach(point -> confining.add(point + below));
    return new Placement(directories, v2, confining);
  }

  /** The directories without repetition: co-mounted controllers, and all of v2, share one. */
  public SequencedSet<String> distinct() {
    return new LinkedHashSet<>(directories.values());
  }

  /** The v2 controllers that have to be enabled above the group. */
  List<String> enabled() {
    var names = new ArrayList<String>();
    String core = directories.get(CORE);
    for (Map.Entry<String, String> entry : directories.entrySet()) {
      if (!entry.getKey().equals(CORE) && entry.getValue().equals(core)) {
        names.add(entry.getKey());
      }
    }
    return names;
  }
}
