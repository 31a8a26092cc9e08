package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.DeviceNode;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What is in /dev of a bundle's container: the devices that every container has (OCI runtime-spec,
 * config-linux.md, "Default Devices"), those that are listed, the usual links. A privileged starter
 * makes nodes; in a user namespace mknod(2) is refused, and the machine's are bound. Where the
 * whole /dev is bound from the machine it is left as it is.
 */
final class BundleDevices {
  private static final int RDEV = 128; // stx_rdev_major and stx_rdev_minor of struct statx
  private static final int STATX_SIZE = 256;

  private static final List<DeviceNode> DEFAULT =
      List.of(
          character("null", 1, 3),
          character("zero", 1, 5),
          character("full", 1, 7),
          character("random", 1, 8),
          character("urandom", 1, 9),
          character("tty", 5, 0));

  private static final List<String> LINKS =
      List.of("/proc/self/fd", "fd", "/proc/self/fd/0", "stdin", "/proc/self/fd/1", "stdout");

  private static DeviceNode character(String name, int major, int minor) {
    return new DeviceNode("/dev/" + name, 'c', major, minor, 0666, 0, 0);
  }

  private final BundleRootSteps root;
  private final List<DeviceNode> nodes = new ArrayList<>();
  private final boolean bound;
  private final boolean machines;

  /**
   * For one container.
   *
   * @param bound whether mknod(2) is refused, so that the machine's devices are bound
   */
  BundleDevices(BundleRootSteps root, BundleSpec spec, boolean bound) {
    this.root = root;
    this.bound = bound;
    this.machines =
        spec.mounts().stream()
            .anyMatch(mount -> mount.isBind() && mount.destination().equals("/dev"));
    nodes.addAll(spec.devices());
    for (var node : DEFAULT) {
      if (nodes.stream().noneMatch(other -> other.path().equals(node.path()))) {
        nodes.add(node);
      }
    }
  }

  /** Makes all of it. */
  void make(Steps steps) {
    if (machines) {
      return;
    }
    var byDirectory = new LinkedHashMap<String, List<DeviceNode>>();
    for (var node : nodes) {
      byDirectory
          .computeIfAbsent(BundleRootSteps.above(node.path()), _ -> new ArrayList<>())
          .add(node);
    }
    byDirectory.forEach((directory, inside) -> make(steps, directory, inside));
    link(steps);
  }

  private void make(Steps steps, String directory, List<DeviceNode> inside) {
    steps.because("linux.devices");
    var parent = root.directory(steps, directory);
    BundleRootSteps.refuseProc(steps, parent, inside.getFirst().path());
    for (var node : inside) {
      steps.because(DEFAULT.contains(node) ? "default devices" : "linux.devices");
      if (bound && node.type() != 'p') {
        bind(steps, node, parent);
      } else {
        make(steps, node, parent);
      }
    }
    BundleRootSteps.close(steps, parent);
  }

  private static void make(Steps steps, DeviceNode node, Register parent) {
    String name = BundleRootSteps.name(node.path());
    var made = steps.registers().number("made");
    steps.call(
        "making " + node.path(),
        made,
        OnError.allow(Errno.EEXIST),
        Sys.MKNODAT,
        result(parent),
        Operand.text(name),
        Operand.number(node.kernelMode(), Notation.OCTAL),
        number(node.number()));
    steps.when(
        "where there is something",
        result(made),
        Step.Test.EQUAL,
        number(-Errno.EEXIST.number()),
        inner -> {
          var status = status(inner, node.path(), parent, name, Flags.AT_SYMLINK_NOFOLLOW);
          refuseOther(
              inner,
              status,
              node.major(),
              node.minor(),
              "making " + node.path() + ", which is there as something else,",
              Errno.EEXIST);
        });
    if (node.uid() != 0 || node.gid() != 0) {
      steps.call(
          "giving " + node.path() + " to " + node.uid() + ":" + node.gid(),
          Sys.FCHOWNAT,
          result(parent),
          Operand.text(name),
          number(node.uid()),
          number(node.gid()),
          Operand.number(Flags.AT_SYMLINK_NOFOLLOW, Notation.AT));
    }
  }

  /** By a handle, or a name in a directory. */
  static Datum status(Steps steps, String path, Register parent, String name, long flags) {
    var status = new Datum.Space("status", STATX_SIZE);
    steps.call(
        "looking at " + path,
        Sys.STATX,
        result(parent),
        Operand.text(name),
        Operand.number(flags, Notation.AT),
        Operand.number(0x7ff, Notation.HEX), // STATX_BASIC_STATS
        Operand.address(status));
    return status;
  }

  /** Refuses what is open but is not the device of these numbers. */
  static void refuseOther(Steps steps, Register open, String path, int major, int minor) {
    var status = status(steps, path, open, "", Flags.AT_EMPTY_PATH);
    refuseOther(
        steps, status, major, minor, "using " + path + ", which is another device,", Errno.ENODEV);
  }

  private static void refuseOther(
      Steps steps, Datum status, int major, int minor, String what, Errno errno) {
    var device = steps.registers().number("device");
    steps.load("its number", status, RDEV, 8, device);
    steps.when(
        "where it is another",
        result(device),
        Step.Test.DIFFERENT,
        Operand.number(major | (long) minor << 32, Notation.HEX),
        inner -> inner.add(new Step.Fail(note(inner, what), number(-errno.number()))));
  }

  /** The number of a device that is open, 0 of what is none, as {@code major | minor << 32}. */
  static Register deviceNumber(Steps steps, int descriptor) {
    var status = new Datum.Space("status", STATX_SIZE);
    var device = steps.registers().number("device");
    steps.add(new Step.Assign(note(steps, "not known yet"), device, number(1)));
    steps.call(
        "looking at descriptor " + descriptor,
        OnError.IGNORE,
        Sys.STATX,
        number(descriptor),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH, Notation.AT),
        Operand.number(0x7ff, Notation.HEX),
        Operand.address(status));
    return steps.load("its device number", status, RDEV, 8, device);
  }

  private void bind(Steps steps, DeviceNode node, Register parent) {
    String name = BundleRootSteps.name(node.path());
    var tree = steps.registers().number("tree");
    steps.call(
        "opening " + node.path(),
        tree,
        OnError.FAIL,
        Sys.OPEN_TREE,
        Steps.cwd(),
        Operand.text(node.path()),
        Operand.number(Flags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC, Notation.OPEN_TREE));
    refuseOther(steps, tree, node.path(), node.major(), node.minor());
    steps.call(
        "making a place for " + node.path(),
        OnError.allow(Errno.EEXIST),
        Sys.MKNODAT,
        result(parent),
        Operand.text(name),
        Operand.number(0100666, Notation.OCTAL),
        number(0));
    BundleMountSteps.move(steps, "mounting " + node.path(), tree, parent, name, 0);
    BundleRootSteps.close(steps, tree);
  }

  private void link(Steps steps) {
    steps.because("default devices");
    var dev = root.directory(steps, "/dev");
    for (int i = 0; i < LINKS.size(); i += 2) {
      link(steps, dev, LINKS.get(i), LINKS.get(i + 1));
    }
    link(steps, dev, "/proc/self/fd/2", "stderr");
    steps.call(
        "removing /dev/ptmx",
        OnError.allow(Errno.ENOENT),
        Sys.UNLINKAT,
        result(dev),
        Operand.text("ptmx"),
        number(0));
    link(steps, dev, "pts/ptmx", "ptmx");
    BundleRootSteps.close(steps, dev);
  }

  private static void link(Steps steps, Register dev, String target, String name) {
    steps.call(
        "linking /dev/" + name,
        OnError.allow(Errno.EEXIST),
        Sys.SYMLINKAT,
        Operand.text(target),
        result(dev),
        Operand.text(name));
  }
}
