package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;

/**
 * The control groups of a boundary: in each hierarchy three, one in another. The outer one is the
 * container's as its parent sees it, with the parent's limits. {@value #IN} is what its cgroup
 * namespace shows as the top: delegated as the kernel describes it (cgroup-v2.rst, "Delegation"),
 * so that the guest may make groups in it and move its processes, and not change its files. {@value
 * #OWN} is made by the guest's root, and so belongs to it: its limits are the guest's, all its
 * processes and containers are in it.
 *
 * <p>The first process enters {@value #IN}, makes the cgroup namespace, whose top that is then, and
 * goes on to {@value #OWN}. On v2 only then may controllers be handed on, as {@value #IN} has no
 * processes any more.
 */
public final class BoundaryGroups {
  /** The top of the guest's cgroup namespace, in the container's group. */
  static final String IN = "in";

  /** The guest's own group in it. */
  static final String OWN = "own";

  /** Where the guest's own limits are, below the container's group. */
  public static final String GUEST = IN + "/" + OWN;

  /**
   * What of the files of a delegated group belongs to whom it is delegated to; v1 has the first.
   */
  private static final List<String> DELEGATED =
      List.of("", "/cgroup.procs", "/tasks", "/cgroup.threads", "/cgroup.subtree_control");

  /** Their rules may be set by the machine's root only (devcgroup_update_access()). */
  private static final String DEVICES = "devices";

  private static final String FREEZER = "freezer";

  /** What a hierarchy of v1 is called that bailey made for one of its own. */
  private static final String OF_BAILEY = "name=bailey.";

  private final KernelFeatures features;
  private final Placement placement;
  private final OptionalInt owner;
  private final OptionalInt group;
  private final Map<String, Register> tops = new LinkedHashMap<>();

  /**
   * For one container.
   *
   * @param owner the user outside whom the guest's root is, where that is another than the starter
   * @param group the same of its group
   */
  BoundaryGroups(
      KernelFeatures features, Placement placement, OptionalInt owner, OptionalInt group) {
    this.features = features;
    this.placement = placement;
    this.owner = owner;
    this.group = group;
  }

  /** For a container whose ids are those of {@code map}, where it has a user namespace. */
  static BoundaryGroups of(
      KernelFeatures features, Placement placement, Optional<IdentityMap> map) {
    return new BoundaryGroups(
        features,
        placement,
        map.map(ids -> IdentityMap.root(ids.users(), features.uid())).orElse(OptionalInt.empty()),
        map.map(ids -> IdentityMap.root(ids.groups(), features.gid())).orElse(OptionalInt.empty()));
  }

  /**
   * The kernel's names of the controllers that a guest gets: all that bailey knows here, except
   * devices, and the freezer of v1 where cgroup2 has its own: a process that the guest stopped by
   * that one could not be killed.
   */
  static SequencedSet<String> given(KernelFeatures features) {
    var layout = features.cgroups();
    var names = new LinkedHashSet<String>();
    boolean v2 = layout.mounts().isEmpty();
    var version = v2 ? CgroupVersion.V2 : CgroupVersion.V1;
    var there = v2 ? layout.unifiedControllers() : layout.mounts().keySet();
    for (var controller : Subsystems.standard().controllers()) {
      String name = controller.kernelController(version);
      boolean kept = name.equals(DEVICES) || (name.equals(FREEZER) && layout.unified().isPresent());
      if (there.contains(name) && !kept) {
        names.add(name);
      }
    }
    return names;
  }

  /**
   * The mount points of the hierarchies of which the guest gets nothing. It is in a group of its
   * own there too, so that it does not see the groups of others if it mounts them in a user
   * namespace. Not in bailey's own, whose groups say which container a process is in.
   */
  static SequencedSet<String> confining(KernelFeatures features) {
    var layout = features.cgroups();
    var points = new LinkedHashSet<String>();
    if (features.surroundings().boundary()) {
      return points; // confined already, in groups where it may make none
    }
    var given = given(features);
    var names = new ArrayList<>(layout.mounts().keySet());
    names.sort(null);
    for (var name : names) {
      if (!name.startsWith(OF_BAILEY)) {
        points.add(layout.mounts().get(name));
      }
    }
    for (var name : given) {
      points.remove(layout.mounts().get(name));
    }
    return points;
  }

  /** In the parent, when {@code directory} was made. */
  void make(Steps steps, String directory) {
    String in = directory + "/" + IN;
    steps.because("--boundary: cgroups");
    if (placement.unified()) {
      handOn(steps, Steps.cwd(), directory + "/", directory);
    }
    steps.mkdir("making the cgroup " + in, in, 0755, OnError.FAIL);
    if (owner.isPresent()) {
      for (var file : DELEGATED) {
        steps.call(
            "handing over " + in + file,
            OnError.allow(Errno.ENOENT),
            Sys.FCHOWNAT,
            Steps.cwd(),
            Operand.text(in + file),
            Operand.number(owner.getAsInt()),
            Operand.number(group.orElse(owner.getAsInt())),
            Operand.number(0));
      }
    }
  }

  /** Lets the groups in a group have the controllers. */
  private void handOn(Steps steps, Operand from, String path, String name) {
    var controllers = placement.enabled();
    if (controllers.isEmpty()) {
      return;
    }
    String text = "+" + String.join(" +", controllers);
    steps.write(
        "enabling " + text + " below " + name,
        from,
        path + "cgroup.subtree_control",
        text,
        OnError.FAIL);
  }

  /** In the parent, before the clone: what the first process needs to go on to its own group. */
  void open(Steps steps, String directory) {
    String in = directory + "/" + IN;
    var top = steps.registers().descriptor("top of " + directory);
    steps.call(
        "opening the cgroup " + in,
        top,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(in),
        Operand.number(
            OpenFlags.directory(features.arch()) | OpenFlags.O_PATH | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0));
    tops.put(directory, top);
  }

  /** In the parent, after the clone. */
  void close(Steps steps) {
    tops.values().forEach(steps::close);
  }

  /** In the first process, when the top of its cgroup namespace is set. */
  void settle(Steps steps) {
    steps.because("--boundary: cgroups");
    var core = placement.directories().get(Placement.CORE);
    tops.forEach(
        (directory, top) -> {
          var from = Operand.result(top);
          mkdir(steps, from, OWN);
          if (directory.equals(core)) {
            String leaf = OWN + "/" + Placement.LEAF;
            mkdir(steps, from, leaf);
            write(steps, from, leaf + "/cgroup.procs");
            if (placement.unified()) {
              handOn(steps, from, "", IN);
              handOn(steps, from, OWN + "/", OWN);
            }
          } else {
            copyNeeded(steps, directory, from);
            write(steps, from, OWN + "/tasks");
          }
          steps.close(top);
        });
  }

  /** A v1 cpuset takes no task until it has CPUs and memory nodes. */
  private void copyNeeded(Steps steps, String directory, Operand from) {
    var files = new LinkedHashSet<String>();
    for (var controller : Subsystems.standard().controllers()) {
      var version = controller.version(features.controllers());
      if (version.isEmpty()
          || !directory.equals(
              placement.directories().get(controller.kernelController(version.get())))) {
        continue;
      }
      controller.copiedFromParent(version.get()).forEach(file -> files.add(file.name()));
    }
    files.forEach(file -> CgroupSteps.copy(steps, from, file, OWN + "/" + file));
  }

  private static void mkdir(Steps steps, Operand from, String name) {
    steps.call(
        "making the cgroup " + name,
        Sys.MKDIRAT,
        from,
        Operand.text(name),
        Operand.number(0755, Notation.OCTAL));
  }

  /** This process has one thread, so that v1 takes no lock over all forks. */
  private static void write(Steps steps, Operand from, String file) {
    steps.write("entering " + file, from, file, "0", OnError.FAIL);
  }

  /** Where the guest's processes are, for one that is to join them. */
  static String tasks(Placement placement, String directory) {
    String own = directory + "/" + IN + "/" + OWN;
    return directory.equals(placement.directories().get(Placement.CORE))
        ? own + "/" + Placement.LEAF
        : own;
  }
}
