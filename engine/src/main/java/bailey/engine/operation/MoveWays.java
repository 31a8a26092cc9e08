package bailey.engine.operation;

import bailey.core.container.ContainerPath;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.Membership;
import bailey.core.planner.MoveRequest.Stopper;
import bailey.core.planner.Placement;
import bailey.engine.group.Groups;
import bailey.engine.journal.Recorded;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where tasks go, in each hierarchy of the kernel, when they are put into a container. Confined to
 * one thread; the groups of the container are looked up once.
 *
 * <p>In a hierarchy in which the container has no group, a task of another container does not stay
 * in that one's: it goes to the nearest group around the container, and where there is none to the
 * group of this process, which is where a command that is started in the container is. A task of no
 * container stays where it is.
 */
final class MoveWays {
  /** A directory of a container's group, below a group of bailey's. */
  private static final Pattern CONTAINER =
      Pattern.compile("(?:.*?/)?bailey[^/]*/((?:[cb]-[^/]+)(?:/[cb]-[^/]+)*)(?:/.*)?");

  /** The last component of the path of a group that holds what is moved. */
  static final String HOLD = "move-";

  private final Machine machine;
  private final CgroupLayout layout;
  private final String base;
  private final Map<String, String> points;
  private final Map<String, String> targets = new LinkedHashMap<>();
  private final Map<String, String> around = new LinkedHashMap<>();

  /**
   * To a container.
   *
   * @throws NotPossibleHere where it has no groups
   */
  MoveWays(Machine machine, Recorded target) {
    if (target.guest().isPresent()) {
      target.need(); // refuses it: inside of a boundary, the guest says who comes in
    }
    this.machine = machine;
    this.layout = machine.features().cgroups();
    this.points = Groups.hierarchies(layout);
    var groups =
        machine.groups(target).filter(Groups::exist).orElseThrow(() -> noGroups(target.name()));
    this.base = groups.path().substring(0, groups.path().lastIndexOf("/" + directory(target)));
    for (var controller : points.keySet()) {
      if (groups.exists(controller)) {
        targets.put(controller, leaf(groups, controller));
      }
      around.put(controller, nearest(controller, target.name()));
    }
  }

  private static String directory(Recorded target) {
    return target.name().directory();
  }

  private NotPossibleHere noGroups(ContainerPath name) {
    return new NotPossibleHere(
        "cannot attach to "
            + name
            + ": it has no control groups, because none is delegated to user "
            + machine.features().uid()
            + "; run bailey as root");
  }

  /** On v2 a container that has others in it has its tasks in a leaf. */
  private static String leaf(Groups groups, String controller) {
    String leaf = groups.path() + "/" + Placement.LEAF;
    boolean there =
        controller.equals(CgroupFiles.CORE)
            && Groups.ifThere(() -> groups.files().children(controller, leaf)).isPresent();
    return there ? leaf : groups.path();
  }

  private String nearest(String controller, ContainerPath name) {
    for (var outer = name.parent(); outer.isPresent(); outer = outer.get().parent()) {
      if (outer.get().isRoot()) {
        break;
      }
      var groups = Groups.of(machine.cgroups(), machine.features(), "/" + base, outer.get());
      if (groups.exists(controller)) {
        return leaf(groups, controller);
      }
    }
    var own = layout.own().get(controller.equals(CgroupFiles.CORE) ? "" : controller);
    return own == null || own.equals("/") ? "" : own.substring(1);
  }

  /** The group below which bailey's are, without a slash at either end. */
  String base() {
    return base;
  }

  /** A controller of each hierarchy that the container is in, with its mount point. */
  Map<String, String> points() {
    return points;
  }

  /** The path of the group that a task goes to which is in {@code origin} now. */
  String destination(String controller, String origin) {
    var target = targets.get(controller);
    if (target != null) {
      return target;
    }
    boolean ofContainer = origin.equals(base) || origin.startsWith(base + "/");
    return ofContainer ? around.getOrDefault(controller, origin) : origin;
  }

  /** The absolute path of a group. */
  String absolute(String controller, String path) {
    var holder = holder();
    var point = controller.equals(holder.controller()) ? holder.point() : points.get(controller);
    if (point == null) {
      throw new IllegalArgumentException("no hierarchy of " + controller + " is known");
    }
    return path.isEmpty() ? point : point + "/" + path;
  }

  /**
   * The hierarchy whose freezer holds what is moved.
   *
   * @param controller a controller of it
   * @param point where it is mounted
   * @param stopper how it freezes
   */
  record Holder(String controller, String point, Stopper stopper) {}

  /** That of the machine, which need not be one that the container is in. */
  Holder holder() {
    return holder(machine);
  }

  static Holder holder(Machine machine) {
    var all = machine.kernel().features().cgroups();
    if (all.unified().isPresent()) {
      return new Holder(CgroupFiles.CORE, all.unified().get(), Stopper.UNIFIED);
    }
    var freezer = all.mounts().get("freezer");
    if (freezer == null) {
      throw new NotPossibleHere(
          "moving tasks that run needs a freezer, so that none of them forks meanwhile; mount"
              + " cgroup2 or the freezer of cgroup v1");
    }
    return new Holder("freezer", freezer, Stopper.FREEZER);
  }

  /** The container that a process is in, in the hierarchies of this machine; empty if in none. */
  static Optional<String> container(Machine machine, Membership process) {
    return container(machine, process.groups());
  }

  /** That of a thread by its groups. */
  static Optional<String> container(Machine machine, Map<String, String> groups) {
    for (var controller : Groups.hierarchies(machine.features().cgroups()).keySet()) {
      var path = groups.getOrDefault(controller, "");
      var matcher = CONTAINER.matcher(path);
      if (matcher.matches()) {
        return ContainerPath.ofDirectory(matcher.group(1)).map(ContainerPath::toString);
      }
    }
    return Optional.empty();
  }

  /** Whether somebody moves the process at this moment. */
  static boolean isHeld(Machine machine, Membership process) {
    var path = process.groups().getOrDefault(holder(machine).controller(), "");
    return path.substring(path.lastIndexOf('/') + 1).startsWith(HOLD);
  }
}
