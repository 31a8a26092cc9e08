package bailey.engine.group;

import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.KernelFeatures;
import bailey.core.subsystem.ControlGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The groups of one container: one in each hierarchy that it needs, all with the same path.
 *
 * @param files the kernel's files
 * @param features what the kernel offers
 * @param path of the groups below the top of each hierarchy, without a slash at either end
 */
public record Groups(CgroupFiles files, KernelFeatures features, String path) {
  private static final String FREEZER = "freezer";

  /**
   * Those of a container.
   *
   * @param base the group below which bailey's are, with a slash before it
   */
  public static Groups of(
      CgroupFiles files, KernelFeatures features, String base, ContainerPath name) {
    return new Groups(files, features, base.substring(1) + "/" + name.directory());
  }

  /** A controller for each hierarchy, with the place where that is mounted; cgroup2 first. */
  public static Map<String, String> hierarchies(CgroupLayout layout) {
    var points = new LinkedHashMap<String, String>();
    layout.unified().ifPresent(point -> points.put(CgroupFiles.CORE, point));
    layout.mounts().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(mount -> !points.containsValue(mount.getValue()))
        .forEach(mount -> points.put(mount.getKey(), mount.getValue()));
    return points;
  }

  /**
   * Those of a boundary that are the guest's own: with the limits that it sets itself, below which
   * all its processes and containers are.
   */
  public Groups own() {
    return new Groups(files, features, path + Guests.OWN);
  }

  /** Their control files. */
  public ControlGroup controls() {
    return new ControlGroup(files, features.controllers(), path);
  }

  /** Whether there is one in the hierarchy of that controller. */
  public boolean exists(String controller) {
    return exists(controller, path);
  }

  /** Whether there is one that has a controller of its own: on v2, that it was given. */
  public boolean has(String controller, CgroupVersion version) {
    return switch (version) {
      case V1 -> exists(controller);
      case V2 ->
          controller.equals(CgroupFiles.CORE)
              ? exists(controller)
              : read(controller, path, "cgroup.controllers")
                  .filter(given -> List.of(given.strip().split(" ", -1)).contains(controller))
                  .isPresent();
    };
  }

  /**
   * Lets go on what was stopped by the freezer of v1, here and in all groups in them: a guest may
   * stop its own, and what is stopped so dies only when it goes on.
   */
  void thawAll() {
    for (var group :
        features.cgroups().mounts().containsKey(FREEZER)
            ? walk(FREEZER, _ -> true)
            : List.<String>of()) {
      ifThere(
          () -> {
            files.write(FREEZER, group, "freezer.state", "THAWED");
            return true;
          });
    }
  }

  /** Whether there is one in any hierarchy. */
  public boolean exist() {
    return hierarchies(features.cgroups()).keySet().stream().anyMatch(this::exists);
  }

  /** The absolute paths of all that are there and of those in them, inner ones first. */
  public List<String> directories() {
    var directories = new ArrayList<String>();
    hierarchies(features.cgroups())
        .forEach(
            (controller, point) ->
                walk(controller, _ -> true).reversed().stream()
                    .map(group -> point + "/" + group)
                    .forEach(directories::add));
    return directories;
  }

  /**
   * The processes in them and in the groups that the container's own tasks made, but not in those
   * of the containers in it.
   */
  public Set<Long> tasks() {
    Predicate<String> own = child -> ContainerPath.ofDirectory(child).isEmpty();
    var tasks = tasks(own);
    // a container in it need not have a group in each hierarchy
    for (var controller : hierarchies(features.cgroups()).keySet()) {
      var inner = walk(controller, _ -> true);
      inner.removeAll(walk(controller, own));
      inner.forEach(group -> tasks.removeAll(listed(controller, group)));
    }
    return tasks;
  }

  /** The processes in them and in all groups in them. */
  public Set<Long> allTasks() {
    return tasks(_ -> true);
  }

  /** The threads in them and in all groups in them, from one of the hierarchies that has them. */
  public List<Long> threads() {
    for (var controller : hierarchies(features.cgroups()).keySet()) {
      var groups = walk(controller, _ -> true);
      if (!groups.isEmpty()) {
        var file = controller.equals(CgroupFiles.CORE) ? "cgroup.threads" : "tasks";
        return groups.stream()
            .flatMap(group -> read(controller, group, file).stream())
            .flatMap(String::lines)
            .map(Long::valueOf)
            .toList();
      }
    }
    return List.of();
  }

  private Set<Long> tasks(Predicate<String> enter) {
    var tasks = new LinkedHashSet<Long>();
    for (var controller : hierarchies(features.cgroups()).keySet()) {
      for (var group : walk(controller, enter)) {
        tasks.addAll(listed(controller, group));
      }
    }
    return tasks;
  }

  private List<Long> listed(String controller, String group) {
    return read(controller, group, "cgroup.procs").stream()
        .flatMap(String::lines)
        .map(Long::valueOf)
        .toList();
  }

  /** The group and those in it, outer ones first; none where it is not there. */
  private List<String> walk(String controller, Predicate<String> enter) {
    var found = new ArrayList<String>();
    walk(controller, path, enter, found);
    return found;
  }

  private void walk(String controller, String group, Predicate<String> enter, List<String> found) {
    children(controller, group)
        .ifPresent(
            children -> {
              found.add(group);
              children.stream()
                  .filter(enter)
                  .forEach(child -> walk(controller, group + "/" + child, enter, found));
            });
  }

  /** Where there is no such hierarchy either there is no group. */
  private boolean exists(String controller, String group) {
    return ifThere(() -> files.exists(controller, group)).orElse(false);
  }

  private Optional<List<String>> children(String controller, String group) {
    return exists(controller, group)
        ? ifThere(() -> files.children(controller, group))
        : Optional.empty();
  }

  /** The text of a file of a group of that path; empty where it is not there. */
  public Optional<String> read(String controller, String group, String file) {
    return ifThere(() -> files.read(controller, group, file));
  }

  /** Empty where the group or its file is not there, or not any more (ENODEV: while it is open). */
  public static <T> Optional<T> ifThere(Supplier<T> look) {
    try {
      return Optional.of(look.get());
    } catch (CgroupFiles.Refused refused) {
      if (refused.errno().filter(Groups::isAbsence).isPresent()) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  private static boolean isAbsence(Errno errno) {
    return errno == Errno.ENOENT
        || errno == Errno.ENODEV
        || errno == Errno.ENOTDIR
        || errno == Errno.ENAMETOOLONG; // a guest may make groups that no path leads to
  }
}
