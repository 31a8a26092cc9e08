package bailey.core.subsystem;

import bailey.core.kernel.CgroupVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One thing to be done so that a container has its groups. Paths are those of {@code CgroupFiles}.
 */
public sealed interface GroupStep {
  /** The kernel's controller, or {@link Controller#CORE}: tells the hierarchy. */
  String controller();

  /** The group. */
  String path();

  /** Make the group's directory. */
  record Make(String controller, String path) implements GroupStep {}

  /** Write to a file of the group. */
  record Write(String controller, String path, String file, String text) implements GroupStep {}

  /** Read a file of the group's parent and write its text to the same file of the group. */
  record CopyFromParent(String controller, String path, String file) implements GroupStep {}

  /**
   * The steps that make the groups of one container, whose parent's groups are there and were made
   * for at least the same controllers.
   *
   * <p>On v2 the parent has to hand the controllers on; it can only while no task is in it (EBUSY,
   * cgroup-v2.rst, "No Internal Process Constraint").
   *
   * @param path of the group, the same in each hierarchy, not empty
   */
  static List<GroupStep> make(CgroupFeatures features, List<Controller> controllers, String path) {
    var steps = new ArrayList<GroupStep>();
    var handedOn = handedOn(features, controllers);
    if (!handedOn.isEmpty()) {
      var text = "+" + String.join(" +", handedOn);
      steps.add(new Write(Controller.CORE, parent(path), "cgroup.subtree_control", text));
    }
    for (var controller : onePerHierarchy(features, controllers)) {
      steps.add(new Make(controller, path));
    }
    for (var controller : controllers) {
      controller.version(features).map(controller::copiedFromParent).orElse(List.of()).stream()
          .map(file -> new CopyFromParent(file.controller(), path, file.name()))
          .forEach(steps::add);
    }
    return steps;
  }

  /**
   * A controller of the kernel for each hierarchy that those controllers are in, in their order.
   */
  static List<String> onePerHierarchy(CgroupFeatures features, List<Controller> controllers) {
    var byHierarchy = new LinkedHashMap<String, String>();
    for (var controller : controllers) {
      var name = controller.version(features).map(controller::kernelController);
      name.flatMap(features::hierarchy)
          .ifPresent(hierarchy -> byHierarchy.putIfAbsent(hierarchy, name.orElseThrow()));
    }
    return List.copyOf(byHierarchy.values());
  }

  private static Set<String> handedOn(CgroupFeatures features, List<Controller> controllers) {
    var names = new LinkedHashSet<String>();
    for (var controller : controllers) {
      if (controller.version(features).filter(CgroupVersion.V2::equals).isPresent()) {
        names.add(controller.kernelController(CgroupVersion.V2));
      }
    }
    names.remove(Controller.CORE);
    return names;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
