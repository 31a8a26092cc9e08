package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.KernelFile;
import bailey.core.subsystem.KernelWrite;
import bailey.core.subsystem.Subsystems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The control groups of one container: made, limited, entered ({@link GroupEntry}), removed. */
final class CgroupSteps {
  private final KernelFeatures features;
  private final ContainerPath name;
  private final Placement placement;
  private final List<KernelWrite> writes;
  private final Set<Controller> limited;
  private final boolean accounted;
  private final @Nullable BoundaryGroups boundary;
  private final Phase phase;
  private final GroupEntry entry;

  private CgroupSteps(
      KernelFeatures features,
      ContainerPath name,
      Placement placement,
      List<KernelWrite> writes,
      Set<Controller> limited,
      boolean accounted,
      @Nullable BoundaryGroups boundary,
      Phase phase) {
    this.features = features;
    this.name = name;
    this.placement = placement;
    this.writes = writes;
    this.limited = limited;
    this.accounted = accounted;
    this.boundary = boundary;
    this.phase = phase;
    entry = new GroupEntry(features.arch());
  }

  /**
   * The groups for these control files.
   *
   * @param spec whose control files of namespaces are passed over
   * @throws BadRequest if one does not exist or its value is malformed
   * @throws NotPossibleHere if the kernel or this user cannot have one of them
   */
  static CgroupSteps of(
      KernelFeatures features,
      ContainerPath name,
      ContainerSpec spec,
      Optional<IdentityMap> map,
      Phase phase) {
    var bySubsystem = new LinkedHashMap<Controller, Map<String, String>>();
    var controls = new LinkedHashMap<>(spec.controls());
    controls
        .keySet()
        .removeIf(file -> SettingSteps.isOther(file) || AffinitySteps.isMeant(features, file));
    controls.forEach(
        (file, value) ->
            bySubsystem
                .computeIfAbsent(controller(file), controller -> new LinkedHashMap<>())
                .put(Subsystems.standard().find(file).file().name(), value));
    if (!controls.isEmpty() && features.cgroups().base().isEmpty()) {
      throw new NotPossibleHere(
          "setting " + String.join(", ", controls.keySet()) + notDelegated(features));
    }
    var writes = new ArrayList<KernelWrite>();
    var names = new LinkedHashSet<String>();
    for (var entry : bySubsystem.entrySet()) {
      var controller = entry.getKey();
      var version = controller.version(features.controllers());
      if (version.isEmpty()) {
        throw new NotPossibleHere(
            String.join(", ", entry.getValue().keySet())
                + ": this kernel has no "
                + controller.name()
                + " controller that can be used; bailey doctor shows which ones there are");
      }
      writes.addAll(controller.change(features.controllers(), entry.getValue()).writes());
      names.add(controller.kernelController(version.get()));
    }
    names.remove(Controller.CORE);
    var confining = new LinkedHashSet<String>();
    if (spec.boundary()) {
      names.addAll(BoundaryGroups.given(features));
      confining.addAll(BoundaryGroups.confining(features));
    }
    var placement = Placement.of(features.cgroups(), name, names, spec.accounted(), confining);
    return new CgroupSteps(
        features,
        name,
        placement,
        writes,
        bySubsystem.keySet(),
        spec.accounted(),
        spec.boundary() ? BoundaryGroups.of(features, placement, map) : null,
        phase);
  }

  /** What the groups are needed for. */
  enum Phase {
    /** To make a container and to start its first process. */
    START,
    /** To have a further process enter those of one that runs. */
    ENTER
  }

  /**
   * Those of the control files that the kernel has but this user may not set.
   *
   * @throws BadRequest if one does not exist or its value is malformed
   */
  static List<String> notDelegated(KernelFeatures features, Map<String, String> controls) {
    boolean guest = features.surroundings().boundary() && features.cgroups().base().isPresent();
    if (features.machineRoot() || guest) {
      return List.of();
    }
    var missing = new ArrayList<String>();
    controls.forEach(
        (file, value) -> {
          if (SettingSteps.isOther(file) || AffinitySteps.isMeant(features, file)) {
            return;
          }
          boolean there = controller(file).version(features.controllers()).isPresent();
          if (features.cgroups().base().isEmpty() || !there) {
            var _ =
                Subsystems.standard().find(file).file().canonical(value); // refused all the same
            missing.add(file);
          }
        });
    return missing;
  }

  /** The rest of a sentence that begins with what is to be set. */
  static String notDelegated(KernelFeatures features) {
    return " is not possible for user "
        + features.uid()
        + ": no such control group is delegated to this user; run bailey as root, or from a"
        + " session with a delegated cgroup v2, for example systemd-run --user --scope -p"
        + " Delegate=yes";
  }

  private static Controller controller(String file) {
    if (Subsystems.standard().find(file).subsystem() instanceof Controller controller) {
      return controller;
    }
    throw new BadRequest(
        "--set: " + file + " is not a limit that a controller keeps; bailey help set lists those");
  }

  Placement placement() {
    return placement;
  }

  /** Makes the groups and sets their limits. */
  void make(Steps steps) {
    steps.because("cgroups");
    for (var directory : placement.distinct()) {
      if (placement.unified()) {
        makeParents(steps, directory);
        if (name.depth() > 1) {
          emptyParent(steps, parent(directory));
        }
        if (isInside(features)) {
          emptyParent(steps, aboveBase());
        }
        enable(steps, directory);
      }
      makeGroup(steps, directory);
    }
    var copied = new LinkedHashSet<KernelFile>();
    for (var controller : copied()) {
      copyFromParent(steps, controller, copied);
    }
    for (var write : writes) {
      write(steps, write);
    }
    if (boundary != null) {
      makeBoundary(steps, boundary);
    }
  }

  /** Makes some of the groups, which are not there any more, and sets their limits. */
  void makeAgain(Steps steps, Set<String> missing) {
    for (var directory : placement.distinct()) {
      if (missing.contains(directory)) {
        if (placement.unified()) {
          makeParents(steps, directory);
          enable(steps, directory);
        }
        makeGroup(steps, directory);
      }
    }
    var copied = new LinkedHashSet<KernelFile>();
    for (var controller : limited) {
      var version = controller.version(features.controllers()).orElseThrow();
      if (missing.contains(directory(controller.kernelController(version)))) {
        copyFromParent(steps, controller, copied);
      }
    }
    for (var write : writes) {
      if (missing.contains(directory(write.controller()))) {
        write(steps, write);
      }
    }
  }

  private void write(Steps steps, KernelWrite write) {
    steps.because("control " + write.controller());
    String path = directory(write.controller()) + "/" + write.file();
    steps.write(
        "writing " + write.text() + " to " + path, Steps.cwd(), path, write.text(), OnError.FAIL);
  }

  private void makeBoundary(Steps steps, BoundaryGroups groups) {
    for (var directory : placement.distinct()) {
      groups.make(steps, directory);
    }
    var copied = new LinkedHashSet<KernelFile>();
    for (var controller : copied()) {
      copyToTop(steps, controller, copied);
    }
    for (var directory : placement.confining()) {
      steps.because("--boundary: other hierarchies");
      makeGroup(steps, directory);
    }
  }

  private void copyToTop(Steps steps, Controller controller, Set<KernelFile> copied) {
    var version = controller.version(features.controllers()).orElseThrow();
    String group = directory(controller.kernelController(version));
    for (KernelFile file : controller.copiedFromParent(version)) {
      if (!copied.add(file)) {
        continue;
      }
      steps.because("control " + controller.name());
      copy(
          steps,
          Steps.cwd(),
          group + "/" + file.name(),
          group + "/" + BoundaryGroups.IN + "/" + file.name());
    }
  }

  /** Those whose groups may need something of their parents' before a task can enter. */
  private Iterable<Controller> copied() {
    if (boundary == null) {
      return limited;
    }
    var all = new LinkedHashSet<>(limited);
    for (var controller : Subsystems.standard().controllers()) {
      controller
          .version(features.controllers())
          .map(controller::kernelController)
          .filter(placement.directories()::containsKey)
          .ifPresent(_ -> all.add(controller));
    }
    return all;
  }

  private String directory(String controller) {
    String directory = placement.directories().get(controller);
    return directory != null ? directory : placement.directories().getOrDefault(Placement.CORE, "");
  }

  /**
   * bailey's own group and, on v1, groups of the containers above where they have none of this
   * kind.
   */
  private void makeParents(Steps steps, String directory) {
    int depth = name.depth();
    var missing = new ArrayList<String>();
    String path = directory;
    for (int i = 0; i < depth; i++) {
      path = path.substring(0, path.lastIndexOf('/'));
      missing.addFirst(path);
    }
    steps.mkdir(
        "making the cgroup " + missing.getFirst(),
        missing.getFirst(),
        0755,
        OnError.allow(Errno.EEXIST));
    for (var parent : missing.subList(1, missing.size())) {
      steps.mkdir("making the cgroup " + parent, parent, 0755, OnError.allow(Errno.EEXIST));
    }
  }

  /**
   * Whether bailey's groups are inside of the one that this process is in: that of an ordinary user
   * to whom nothing above is delegated. Only the machine's own top group may keep its tasks when
   * its children get controllers.
   */
  private static boolean isInside(KernelFeatures features) {
    String above = parent(features.cgroups().base().orElseThrow());
    String own = features.cgroups().own().get("");
    return features.uid() != 0 && own != null && own.equals(above.isEmpty() ? "/" : above);
  }

  /** The group that bailey's own is in. */
  private String aboveBase() {
    String base = features.cgroups().base().orElseThrow();
    return parent(features.cgroups().unified().orElseThrow() + base);
  }

  /** The tasks of a container above make room: its group will have children with controllers. */
  private static void emptyParent(Steps steps, String group) {
    String leaf = group + "/" + Placement.LEAF;
    steps.mkdir("making the cgroup " + leaf, leaf, 0755, OnError.allow(Errno.EEXIST));
    var from = steps.open("opening " + group, Steps.cwd(), group + "/cgroup.procs", 0, "from");
    var to =
        steps.open(
            "opening " + leaf, Steps.cwd(), leaf + "/cgroup.procs", OpenFlags.O_WRONLY, "to");
    steps.add(
        new Step.MoveListed(
            new Step.Note("moving the tasks of " + group + " to " + leaf, steps.because()),
            Operand.result(from),
            Operand.result(to)));
    steps.close(from);
    steps.close(to);
  }

  /** Each group above must enable the controllers for its children, from the top. */
  private void enable(Steps steps, String directory) {
    var controllers = placement.enabled();
    if (controllers.isEmpty()) {
      return;
    }
    String text = "+" + String.join(" +", controllers);
    var above = new ArrayList<String>();
    String path = directory;
    for (int i = 0; i < name.depth(); i++) {
      path = path.substring(0, path.lastIndexOf('/'));
      above.addFirst(path);
    }
    above.addFirst(aboveBase());
    for (var group : above) {
      steps.write(
          "enabling " + text + " below " + group,
          Steps.cwd(),
          group + "/cgroup.subtree_control",
          text,
          OnError.FAIL);
    }
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** In a v1 hierarchy those above are most often there: they are made where they turn out not. */
  private void makeGroup(Steps steps, String directory) {
    if (placement.unified()) {
      makeOne(steps, directory);
    } else {
      var made = steps.registers().number("made group");
      steps.call(
          "making the cgroup " + directory,
          made,
          OnError.allow(Errno.ENOENT),
          Sys.MKDIRAT,
          Steps.cwd(),
          Operand.text(directory),
          Operand.number(0755, Notation.OCTAL));
      steps.when(
          "where those above it are missing",
          Operand.result(made),
          Step.Test.LESS,
          Operand.number(0),
          inner -> {
            makeParents(inner, directory);
            makeOne(inner, directory);
          });
    }
    steps.undo(
        "removing the cgroup " + directory,
        undo -> {
          if (placement.unified()) {
            remove(undo, directory + "/" + Placement.LEAF);
          }
          if (boundary != null) {
            undo.add(
                new Step.RemoveGroups(
                    new Step.Note("removing what the guest made", undo.because()),
                    new Datum.Text(directory + "/" + BoundaryGroups.IN)));
          }
          remove(undo, directory);
        });
  }

  private static void makeOne(Steps steps, String directory) {
    steps.mkdir("making the cgroup " + directory, directory, 0755, OnError.FAIL);
  }

  private static void remove(Steps steps, String directory) {
    steps.callWhenFree(
        "removing the cgroup " + directory,
        OnError.IGNORE,
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(directory),
        Operand.number(Flags.AT_REMOVEDIR, Notation.AT));
  }

  /**
   * A v1 cpuset starts empty and takes no task until it has CPUs and memory nodes.
   *
   * @param copied what was copied already, for another subsystem of the same kernel controller
   */
  private void copyFromParent(Steps steps, Controller controller, Set<KernelFile> copied) {
    var version = controller.version(features.controllers()).orElseThrow();
    for (KernelFile file : controller.copiedFromParent(version)) {
      if (!copied.add(file)) {
        continue;
      }
      steps.because("control " + controller.name());
      var group = directory(controller.kernelController(version));
      var chain = new ArrayList<String>();
      String path = group;
      for (int i = 0; i <= name.depth(); i++) {
        chain.addFirst(path);
        path = parent(path);
      }
      for (var directory : chain) {
        copy(
            steps,
            Steps.cwd(),
            parent(directory) + "/" + file.name(),
            directory + "/" + file.name());
      }
    }
  }

  static void copy(Steps steps, Operand directory, String from, String to) {
    var text = new Datum.Space("content of " + from, 4096);
    var size = steps.registers().number("size");
    var in = steps.open("opening " + from, directory, from, 0, "from");
    steps.call(
        "reading " + from,
        size,
        OnError.FAIL,
        Sys.READ,
        Operand.result(in),
        Operand.address(text),
        Operand.number(4096));
    steps.close(in);
    var out = steps.open("opening " + to, directory, to, OpenFlags.O_WRONLY, "to");
    steps.call(
        "copying " + from + " to " + to,
        OnError.FAIL,
        Sys.WRITE,
        Operand.result(out),
        Operand.address(text),
        Operand.result(size));
    steps.close(out);
  }

  /** Whether the first process is cloned into a group. */
  boolean bornInside() {
    return placement.directories().containsKey(Placement.CORE);
  }

  /** Opens what the child will need to enter, and says so in the arguments of clone3. */
  void open(Steps steps, Datum cloneArguments) {
    String core = placement.directories().get(Placement.CORE);
    if (core != null) {
      boolean hasLeaf = placement.unified() && boundary == null;
      entry.openBirthplace(
          steps, entered(core), hasLeaf ? core + "/" + Placement.LEAF : null, cloneArguments);
    }
    if (!placement.unified()) {
      for (var directory : placement.distinct()) {
        if (!directory.equals(core)) {
          entry.openTasks(steps, entered(directory));
        }
      }
    }
    placement.confining().forEach(directory -> entry.openTasks(steps, directory));
    if (boundary != null && phase == Phase.START) {
      placement.distinct().forEach(directory -> boundary.open(steps, directory));
    }
  }

  /** Which of its groups a process goes to first. */
  private String entered(String directory) {
    if (boundary == null) {
      return directory;
    }
    return switch (phase) {
      case START -> directory + "/" + BoundaryGroups.IN;
      case ENTER -> BoundaryGroups.tasks(placement, directory);
    };
  }

  /** In the child: enters the v1 groups. */
  void enter(Steps steps) {
    entry.enter(steps);
  }

  /** In the first process of a boundary, when the top of its cgroup namespace is set. */
  void settle(Steps steps) {
    if (boundary != null) {
      boundary.settle(steps);
    }
  }

  /** After the clone: what was opened for the child is not needed any more. */
  void close(Steps steps) {
    entry.close(steps);
    if (boundary != null) {
      boundary.close(steps);
    }
  }

  /** What becomes of the groups' tasks and counters at the end. */
  GroupReport report() {
    return new GroupReport(features, placement, accounted, boundary != null);
  }
}
