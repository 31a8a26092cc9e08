package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bpf.DeviceProgram;
import bailey.core.bundle.GroupRequest;
import bailey.core.kernel.CgroupLayout;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Steps;
import bailey.core.subsystem.Controller;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * The control groups of a bundle's container, at the path that it names: made where they are
 * missing, limited, entered. Those above it belong to others, who may have made them before; they
 * are made where they are missing, and stay.
 */
final class BundleGroups {
  private static final List<String> COUNTED = List.of("memory", "pids", "cpu", "cpuacct");
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_ATTACH = 8;
  private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
  private static final int BPF_CGROUP_DEVICE = 6;
  private static final int BPF_F_ALLOW_MULTI = 2;

  private final KernelFeatures features;
  private final GroupRequest request;
  private final SequencedMap<String, String> directories = new LinkedHashMap<>();
  private final GroupEntry entry;

  BundleGroups(KernelFeatures features, GroupRequest request) {
    this.features = features;
    this.request = request;
    entry = new GroupEntry(features.arch());
    request.path().ifPresent(this::place);
  }

  private void place(String path) {
    var layout = features.cgroups();
    layout.unified().ifPresent(mount -> directories.put(Controller.CORE, mount + path));
    var wanted = new LinkedHashSet<String>();
    if (request.everywhere()) {
      layout.mounts().keySet().stream().sorted().forEach(wanted::add);
    } else if (!unified()) {
      wanted.addAll(COUNTED);
      wanted.add("freezer");
    }
    request.writes().forEach(write -> wanted.add(write.controller()));
    for (var controller : wanted) {
      String mount = layout.mounts().get(controller);
      if (mount != null) {
        directories.put(controller, mount + path);
      }
    }
  }

  private boolean unified() {
    return isUnified(features.cgroups());
  }

  private static boolean isUnified(CgroupLayout layout) {
    return layout.mounts().isEmpty();
  }

  /** Where they are: the kernel's name of a controller, or that of cgroup2, to a directory. */
  SequencedMap<String, String> directories() {
    return directories;
  }

  /** The directories, each once. */
  SequencedSet<String> distinct() {
    return new LinkedHashSet<>(directories.values());
  }

  /** Makes them and sets their limits. */
  void make(Steps steps) {
    if (request.path().isEmpty()) {
      return;
    }
    for (var directory : distinct()) {
      makeOne(steps, directory);
    }
    for (var write : request.writes()) {
      steps.because("linux.resources: " + write.controller());
      String path = directoryOf(write.controller()) + "/" + write.file();
      steps.write(
          "writing " + write.text() + " to " + path, Steps.cwd(), path, write.text(), OnError.FAIL);
    }
    request.devices().ifPresent(policy -> guard(steps, DeviceProgram.assemble(policy)));
  }

  private String directoryOf(String controller) {
    var directory = directories.get(controller);
    return directory != null ? directory : directories.getOrDefault(Controller.CORE, "");
  }

  private void makeOne(Steps steps, String directory) {
    steps.because("linux.cgroupsPath");
    String path = request.path().orElseThrow();
    String top = directory.substring(0, directory.length() - path.length());
    var copied = copiedFiles(directory);
    String above = top;
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String parent = top + path.substring(0, slash);
      enable(steps, directory, above);
      steps.mkdir("making the cgroup " + parent, parent, 0755, OnError.allow(Errno.EEXIST));
      copy(steps, above, parent, copied);
      above = parent;
    }
    enable(steps, directory, above);
    steps.mkdir("making the cgroup " + directory, directory, 0755, OnError.allow(Errno.EEXIST));
    steps.undo(
        "removing the cgroup " + directory,
        undo ->
            undo.callWhenFree(
                "removing the cgroup " + directory,
                OnError.IGNORE,
                Sys.UNLINKAT,
                Steps.cwd(),
                Operand.text(directory),
                Operand.number(Flags.AT_REMOVEDIR, Notation.AT)));
    copy(steps, above, directory, copied);
  }

  /** A v1 cpuset starts empty and takes no task until it has CPUs and memory nodes. */
  private Set<String> copiedFiles(String directory) {
    return directory.equals(directories.get("cpuset")) && !unified()
        ? new LinkedHashSet<>(List.of("cpuset.cpus", "cpuset.mems"))
        : Set.of();
  }

  private static void copy(Steps steps, String from, String to, Set<String> files) {
    for (var file : files) {
      CgroupSteps.copy(steps, Steps.cwd(), from + "/" + file, to + "/" + file);
    }
  }

  /** One at a time: a group that may not pass on one of them passes on the others. */
  private void enable(Steps steps, String directory, String above) {
    if (!unified() || !directory.equals(directories.get(Controller.CORE))) {
      return;
    }
    var wanted = new LinkedHashSet<String>(request.everywhere() ? unifiedControllers() : COUNTED);
    request.writes().forEach(write -> wanted.add(write.controller()));
    wanted.retainAll(unifiedControllers());
    for (var controller : wanted) {
      steps.write(
          "enabling " + controller + " below " + above,
          Steps.cwd(),
          above + "/cgroup.subtree_control",
          "+" + controller,
          OnError.IGNORE);
    }
  }

  private List<String> unifiedControllers() {
    return features.cgroups().unifiedControllers();
  }

  /** The program that decides about devices, on v2; attached to the group until that is removed. */
  private void guard(Steps steps, byte[] program) {
    steps.because("linux.resources.devices");
    String core = directories.get(Controller.CORE);
    if (core == null) {
      return;
    }
    var attributes =
        new Datum.Words(
            "program of " + program.length / 8 + " instructions",
            List.of(
                number(BPF_PROG_TYPE_CGROUP_DEVICE | (long) (program.length / 8) << 32),
                Operand.address(new Datum.Bytes("instructions", program)),
                Operand.address(new Datum.Text("GPL")),
                number(0),
                number(0),
                number(0)));
    var loaded = steps.registers().descriptor("device program");
    steps.call(
        "loading the device program",
        loaded,
        OnError.FAIL,
        Sys.BPF,
        number(BPF_PROG_LOAD),
        Operand.address(attributes),
        number(48));
    var group =
        steps.open(
            "opening the cgroup " + core,
            Steps.cwd(),
            core,
            OpenFlags.directory(features.arch()),
            "group");
    var attach = new Datum.Space("attachment", 16);
    steps.store("the group", attach, 0, 4, result(group));
    steps.store("the program", attach, 4, 4, result(loaded));
    steps.store("what it decides", attach, 8, 4, number(BPF_CGROUP_DEVICE));
    steps.store("beside those above", attach, 12, 4, number(BPF_F_ALLOW_MULTI));
    steps.call(
        "attaching the device program",
        Sys.BPF,
        number(BPF_PROG_ATTACH),
        Operand.address(attach),
        number(16));
    steps.close(group);
    steps.close(loaded);
  }

  /** Whether a process is cloned into a group. */
  boolean bornInside() {
    return directories.containsKey(Controller.CORE);
  }

  /** Opens what a process will need to enter, and says so in the arguments of clone3. */
  void open(Steps steps, Datum cloneArguments) {
    String core = directories.get(Controller.CORE);
    if (core != null) {
      entry.openBirthplace(steps, core, null, cloneArguments);
    }
    for (var directory : distinct()) {
      if (!directory.equals(core)) {
        entry.openTasks(steps, directory);
      }
    }
  }

  /** In a process that has one thread: enters the v1 groups. */
  void enter(Steps steps) {
    entry.enter(steps);
  }

  /** After the clone: what was opened for the child is not needed any more. */
  void close(Steps steps) {
    entry.close(steps);
  }

  /** The hierarchies that the container has groups in: a name, its mount data and its directory. */
  record Shown(String name, List<String> controllers, String directory) {}

  /** What a mount of the control groups has in it, on a machine with v1. */
  List<Shown> shown() {
    var byDirectory = new LinkedHashMap<String, List<String>>();
    directories.forEach(
        (controller, directory) ->
            byDirectory.computeIfAbsent(directory, _ -> new ArrayList<>()).add(controller));
    var all = new ArrayList<Shown>();
    byDirectory.forEach(
        (directory, controllers) -> {
          boolean core = controllers.contains(Controller.CORE);
          String mount = directory.substring(0, directory.length() - pathLength());
          String name = core ? "unified" : mount.substring(mount.lastIndexOf('/') + 1);
          all.add(new Shown(name, core ? List.of() : controllers, directory));
        });
    return all;
  }

  private int pathLength() {
    return request.path().orElse("").length();
  }

  /** Whether the machine has v2 alone. */
  boolean onlyUnified() {
    return unified();
  }
}
