package bailey.testkit.cgroup;

import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.subsystem.CgroupFeatures;
import bailey.core.subsystem.Controller;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Groups that tests make without a plan: one in each hierarchy of some controllers, with the same
 * path.
 *
 * @param files the kernel's files
 * @param features what the kernel offers
 * @param controllers those that the groups are for; the kernel has them all
 */
public record GroupTree(CgroupFiles files, CgroupFeatures features, List<Controller> controllers) {
  /** Those of {@code some} that the kernel has. */
  public static GroupTree of(CgroupFiles files, CgroupFeatures features, List<Controller> some) {
    return new GroupTree(
        files, features, some.stream().filter(c -> c.version(features).isPresent()).toList());
  }

  /** A controller of the kernel for each hierarchy. */
  public List<String> hierarchies() {
    var byHierarchy = new LinkedHashMap<String, String>();
    for (var controller : controllers) {
      var name = controller.kernelController(controller.version(features).orElseThrow());
      byHierarchy.putIfAbsent(features.hierarchy(name).orElseThrow(), name);
    }
    return List.copyOf(byHierarchy.values());
  }

  /** Makes the groups at {@code path}, ready to take tasks; those of the parent are there. */
  public void make(String path) {
    var parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    var handedOn = handedOn();
    if (!handedOn.isEmpty()) {
      files.write(
          CgroupFiles.CORE, parent, "cgroup.subtree_control", "+" + String.join(" +", handedOn));
    }
    for (var hierarchy : hierarchies()) {
      files.mkdir(hierarchy, path);
    }
    for (var controller : controllers) {
      for (var file : controller.copiedFromParent(controller.version(features).orElseThrow())) {
        var text = files.read(file.controller(), parent, file.name());
        files.write(file.controller(), path, file.name(), text.strip());
      }
    }
  }

  /** The controllers that a v2 parent has to hand on. */
  private Set<String> handedOn() {
    var names = new LinkedHashSet<String>();
    for (var controller : controllers) {
      if (controller.version(features).filter(CgroupVersion.V2::equals).isPresent()) {
        names.add(controller.kernelController(CgroupVersion.V2));
      }
    }
    names.remove(Controller.CORE);
    return names;
  }

  /** Removes the groups at {@code path}. */
  public void remove(String path) {
    hierarchies().forEach(hierarchy -> files.rmdir(hierarchy, path));
  }
}
