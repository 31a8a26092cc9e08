package bailey.testkit.cgroup;

import bailey.core.abi.Errno;
import bailey.core.container.Container;
import bailey.core.container.Hierarchy;
import bailey.core.error.ContainerBusy;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One hierarchy: its version, its controllers, and the files of its groups. */
final class FakeHierarchy {
  final CgroupVersion version;
  final FakeGroup root;

  private final FakeTasks tasks;
  private final Hierarchy tree;
  private final Map<String, FakeController.Maker> makers = new LinkedHashMap<>();

  /**
   * The groups that have files: on v2 those that somebody has looked into, because until then all
   * their files are as at first.
   */
  private final Map<Container, FakeGroup> groups = new HashMap<>();

  /** Groups that were looked up, by their paths, as the kernel's cache of directory entries. */
  private final Map<String, Container> looked = new HashMap<>();

  FakeHierarchy(FakeTasks tasks, CgroupVersion version, Map<String, FakeController.Maker> makers) {
    this.tasks = tasks;
    this.version = version;
    this.makers.putAll(makers);
    tree = tasks.mount(version, makers.keySet());
    root = group(tree.root());
  }

  /** It is not there any more; EBUSY where it has groups. */
  void unmount() {
    tasks.unmount(tree);
  }

  /** The kernel's controllers that it has; for v2 without the core. */
  Map<String, FakeController.Maker> makers() {
    return makers;
  }

  /** What makes the state of one of its controllers. */
  FakeController.Maker maker(String name) {
    return Objects.requireNonNull(makers.get(name), name);
  }

  FakeTasks tasks() {
    return tasks;
  }

  FakeGroup find(String path) {
    return group(container(path));
  }

  private Container container(String path) {
    var known = looked.get(path);
    if (known == null) {
      known = tree.find(path).orElseThrow(() -> new KernelRefusal(Errno.ENOENT));
      if (known.path().equals(path)) {
        looked.put(path, known);
      }
    }
    return known;
  }

  /** The path of the group that a task is in. */
  String path(int task) {
    return tasks.find(task).container(tree).path();
  }

  /** The files of a group. */
  FakeGroup group(Container container) {
    var found = groups.get(container);
    if (found == null) {
      found = new FakeGroup(this, container, container.parent().map(this::group).orElse(null));
      groups.put(container, found);
      furnish(found);
    }
    return found;
  }

  /** The files of a group that somebody has looked into; null where nobody has. */
  @Nullable FakeGroup known(Container container) {
    return groups.get(container);
  }

  /** cgroup_mkdir(): a line break in a name would break /proc/PID/cgroup. */
  void mkdir(String path) {
    var parent = find(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
    var name = path.substring(path.lastIndexOf('/') + 1);
    KernelRefusal.unless(name.indexOf('\n') < 0, Errno.EINVAL);
    KernelRefusal.unless(!parent.fileNames().contains(name), Errno.EEXIST);
    try {
      var container = parent.container.create(name);
      if (version == CgroupVersion.V1) {
        group(container); // the devices controller copies what its parent has at this moment
      }
    } catch (ContainerBusy _) {
      throw new KernelRefusal(Errno.EEXIST);
    }
  }

  private void furnish(FakeGroup group) {
    group.file(
        "cgroup.procs",
        FakeFile.both(
            () ->
                FakeTasks.in(group.container).stream()
                    .map(task -> task + "\n")
                    .collect(Collectors.joining()),
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
    var container = container(path);
    try {
      container.remove();
    } catch (ContainerBusy _) {
      throw new KernelRefusal(Errno.EBUSY);
    }
    groups.remove(container);
    looked.remove(container.path());
  }

  /** __cgroup_procs_write(). */
  private void attach(FakeGroup group, String text) {
    var task = tasks.find(KernelParse.task(text));
    group.controllers.values().forEach(FakeController::admit);
    tasks.attach(task, group.container);
  }
}
