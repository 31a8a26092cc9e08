package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** One hierarchy: its version, its controllers, its groups, and in which of them each task is. */
final class FakeHierarchy {
  final CgroupVersion version;
  final FakeGroup root;

  private final Map<String, FakeController.Maker> makers = new LinkedHashMap<>();

  FakeHierarchy(CgroupVersion version, Map<String, FakeController.Maker> makers) {
    this.version = version;
    this.makers.putAll(makers);
    root = new FakeGroup(this, null);
    furnish(root);
  }

  /** The kernel's controllers that it has; for v2 without the core. */
  Map<String, FakeController.Maker> makers() {
    return makers;
  }

  /** What makes the state of one of its controllers. */
  FakeController.Maker maker(String name) {
    return Objects.requireNonNull(makers.get(name), name);
  }

  FakeGroup find(String path) {
    var group = root;
    if (!path.isEmpty()) {
      for (var name : path.split("/", -1)) {
        var child = group.children.get(name);
        if (child == null) {
          throw new KernelRefusal(Errno.ENOENT);
        }
        group = child;
      }
    }
    return group;
  }

  /** cgroup_mkdir(): a line break in a name would break /proc/PID/cgroup. */
  void mkdir(String path) {
    var parent = find(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
    var name = path.substring(path.lastIndexOf('/') + 1);
    KernelRefusal.unless(name.indexOf('\n') < 0, Errno.EINVAL);
    KernelRefusal.unless(
        !parent.children.containsKey(name) && !parent.fileNames().contains(name), Errno.EEXIST);
    var group = new FakeGroup(this, parent);
    parent.children.put(name, group);
    furnish(group);
  }

  private void furnish(FakeGroup group) {
    group.file(
        "cgroup.procs",
        FakeFile.both(
            () -> group.tasks.stream().map(task -> task + "\n").collect(Collectors.joining()),
            text -> attach(group, text)));
    if (version == CgroupVersion.V2) {
      group.turnOn(CgroupFiles.CORE, FakeCore::new);
    }
    var on =
        group
            .above(FakeCore.class)
            .map(parent -> List.copyOf(parent.handedOn()))
            .orElse(List.copyOf(makers.keySet()));
    on.forEach(name -> group.turnOn(name, maker(name)));
  }

  /** cgroup_destroy_locked(): EBUSY with tasks or children. */
  void rmdir(String path) {
    var group = find(path);
    var parent = group.parent;
    KernelRefusal.unless(
        parent != null && group.tasks.isEmpty() && group.children.isEmpty(), Errno.EBUSY);
    if (parent != null) {
      parent.children.values().remove(group);
    }
  }

  /** __cgroup_procs_write(). */
  private void attach(FakeGroup group, String text) {
    KernelRefusal.unless(text.matches("[0-9]{1,9}"), Errno.EINVAL);
    int task = Integer.parseInt(text);
    var from = holder(root, task);
    group.controllers.values().forEach(FakeController::admit);
    from.tasks.remove(task);
    group.tasks.add(task);
  }

  /** Where a task is; ESRCH where it is nowhere. */
  private static FakeGroup holder(FakeGroup group, int task) {
    if (group.tasks.contains(task)) {
      return group;
    }
    for (var child : group.children.values()) {
      if (child.population() > 0 && contains(child, task)) {
        return holder(child, task);
      }
    }
    throw new KernelRefusal(Errno.ESRCH);
  }

  private static boolean contains(FakeGroup group, int task) {
    return group.tasks.contains(task)
        || group.children.values().stream().anyMatch(child -> contains(child, task));
  }

  /** A task is gone. */
  void end(int task) {
    holder(root, task).tasks.remove(task);
  }
}
