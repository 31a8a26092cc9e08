package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.KernelPaths;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.RootRequest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The file systems that the kernel serves: /proc, /sys, /dev and below, and what of them is hidden.
 * Device nodes are made with mknod(2) by a privileged user and bound from the machine's in a user
 * namespace, where mknod is refused.
 */
final class KernelMountSteps {
  private static final long NO_ESCAPE = Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC;

  private record Device(String name, int major, int minor) {}

  /**
   * The devices that every container has (OCI runtime-spec, config-linux.md, "Default Devices").
   */
  private static final List<Device> DEVICES =
      List.of(
          new Device("null", 1, 3),
          new Device("zero", 1, 5),
          new Device("full", 1, 7),
          new Device("random", 1, 8),
          new Device("urandom", 1, 9),
          new Device("tty", 5, 0));

  private record Link(String target, String path) {}

  private static final List<Link> LINKS =
      List.of(
          new Link("/proc/self/fd", "/dev/fd"),
          new Link("/proc/self/fd/0", "/dev/stdin"),
          new Link("/proc/self/fd/1", "/dev/stdout"),
          new Link("/proc/self/fd/2", "/dev/stderr"),
          new Link("pts/ptmx", "/dev/ptmx"));

  private final ContainerSpec spec;
  private final Placement placement;
  private final boolean inUserNamespace;
  private final boolean mapsTtyGroup;
  private final Map<Device, Register> hostDevices = new LinkedHashMap<>();

  KernelMountSteps(
      ContainerSpec spec, Placement placement, boolean inUserNamespace, boolean mapsTtyGroup) {
    this.spec = spec;
    this.placement = placement;
    this.inUserNamespace = inUserNamespace;
    this.mapsTtyGroup = mapsTtyGroup;
  }

  private boolean shares(NamespaceKind kind) {
    return spec.namespace(kind) instanceof NamespaceRequest.Shared;
  }

  /** While the old root is the root: handles of what is taken from it. */
  void open(Steps steps) {
    if (inUserNamespace) {
      steps.because("/dev: mknod is refused in a user namespace");
      for (var device : DEVICES) {
        hostDevices.put(
            device, handle(steps, "/dev/" + device.name(), 0, "device " + device.name()));
      }
    }
    if (shares(NamespaceKind.NET)) {
      steps.because("/sys: the network is shared");
      handle(steps, "/sys", Flags.AT_RECURSIVE, "sys");
    }
  }

  private static Register handle(Steps steps, String path, long flags, String name) {
    var fd = steps.registers().descriptor(name);
    steps.call(
        "opening " + path,
        fd,
        OnError.FAIL,
        Sys.OPEN_TREE,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(
            Flags.OPEN_TREE_CLONE | Flags.OpenFlags.O_CLOEXEC | flags, Notation.OPEN_TREE));
    return fd;
  }

  /** Inside the new root. */
  void mount(Steps steps) {
    steps.because("/proc");
    place(steps, "/proc");
    steps.mount("mounting proc on /proc", "proc", "/proc", "proc", NO_ESCAPE, null);
    sys(steps);
    dev(steps);
  }

  /** A directory to mount on; a root directory of the user's may lack it. */
  private void place(Steps steps, String path) {
    if (spec.root() instanceof RootRequest.Directory) {
      steps.mkdir(
          "making the directory " + path,
          path,
          0755,
          OnError.allow(Errno.EEXIST, Errno.EROFS, Errno.EACCES));
    }
  }

  private void sys(Steps steps) {
    steps.because("/sys, read-only");
    place(steps, "/sys");
    if (shares(NamespaceKind.NET)) {
      // sysfs shows one network namespace, and only its owner may mount it
      var tree = steps.registers().descriptor("sys");
      steps.call(
          "making /sys read-only",
          Sys.MOUNT_SETATTR,
          Operand.result(tree),
          Operand.text(""),
          Operand.number(Flags.AT_EMPTY_PATH | Flags.AT_RECURSIVE, Notation.AT),
          Operand.address(RootSteps.attributes(Flags.MOUNT_ATTR_RDONLY)),
          Operand.number(32));
      attach(steps, tree, "/sys");
      return;
    }
    steps.mount(
        "mounting sysfs on /sys", "sysfs", "/sys", "sysfs", NO_ESCAPE | Flags.MS_RDONLY, null);
    if (!placement.directories().isEmpty() && !shares(NamespaceKind.CGROUP)) {
      cgroups(steps);
    }
  }

  /** The container's own groups, read-only, so that programs find their limits. */
  private void cgroups(Steps steps) {
    steps.because("/sys/fs/cgroup, read-only");
    long flags = NO_ESCAPE | Flags.MS_RDONLY;
    if (placement.unified()) {
      steps.mount("mounting cgroup2", "cgroup2", "/sys/fs/cgroup", "cgroup2", flags, null);
      return;
    }
    steps.mount(
        "mounting a place for cgroups",
        "tmpfs",
        "/sys/fs/cgroup",
        "tmpfs",
        NO_ESCAPE,
        "mode=0755,size=64k");
    var done = new HashSet<String>();
    for (var entry : placement.directories().entrySet()) {
      String controller = entry.getKey();
      if (!done.add(entry.getValue())) {
        continue;
      }
      boolean core = controller.equals(Placement.CORE);
      String name = core ? "unified" : controller;
      steps.mkdir("making " + name, "/sys/fs/cgroup/" + name, 0755, OnError.FAIL);
      steps.mount(
          "mounting the cgroup of " + name,
          "cgroup",
          "/sys/fs/cgroup/" + name,
          core ? "cgroup2" : "cgroup",
          flags,
          core ? null : controller);
    }
    steps.mount(
        "making /sys/fs/cgroup read-only",
        null,
        "/sys/fs/cgroup",
        null,
        Flags.MS_REMOUNT | Flags.MS_BIND | flags,
        null);
  }

  private static void attach(Steps steps, Register tree, String path) {
    steps.call(
        "mounting " + path,
        Sys.MOVE_MOUNT,
        Operand.result(tree),
        Operand.text(""),
        Steps.cwd(),
        Operand.text(path),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
    steps.close(tree);
  }

  private void dev(Steps steps) {
    steps.because("/dev, minimal");
    place(steps, "/dev");
    steps.mount(
        "mounting memory on /dev",
        "tmpfs",
        "/dev",
        "tmpfs",
        Flags.MS_NOSUID | Flags.MS_NOEXEC | Flags.MS_STRICTATIME,
        "mode=0755,size=64k");
    for (var device : DEVICES) {
      if (inUserNamespace) {
        bindDevice(steps, device);
      } else {
        steps.call(
            "making /dev/" + device.name(),
            Sys.MKNODAT,
            Steps.cwd(),
            Operand.text("/dev/" + device.name()),
            Operand.number(0020666, Notation.OCTAL),
            Operand.number((long) device.major() << 8 | device.minor()));
      }
    }
    for (var link : LINKS) {
      steps.call(
          "linking " + link.path(),
          Sys.SYMLINKAT,
          Operand.text(link.target()),
          Steps.cwd(),
          Operand.text(link.path()));
    }
    devSubmounts(steps);
  }

  private void bindDevice(Steps steps, Device device) {
    String path = "/dev/" + device.name();
    steps.call(
        "making " + path,
        Sys.MKNODAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(0100666, Notation.OCTAL),
        Operand.number(0));
    attach(steps, Objects.requireNonNull(hostDevices.get(device)), path);
  }

  private void devSubmounts(Steps steps) {
    steps.mkdir("making /dev/pts", "/dev/pts", 0755, OnError.FAIL);
    steps.mount(
        "mounting devpts on /dev/pts",
        "devpts",
        "/dev/pts",
        "devpts",
        Flags.MS_NOSUID | Flags.MS_NOEXEC,
        "newinstance,ptmxmode=0666,mode=0620" + (mapsTtyGroup ? ",gid=5" : ""));
    steps.mkdir("making /dev/shm", "/dev/shm", 0755, OnError.FAIL);
    steps.mount(
        "mounting memory on /dev/shm",
        "tmpfs",
        "/dev/shm",
        "tmpfs",
        NO_ESCAPE,
        "mode=1777,size=64m");
    steps.mkdir("making /dev/mqueue", "/dev/mqueue", 0755, OnError.FAIL);
    // a kernel may be built without POSIX message queues, and a shared ipc namespace is not ours
    steps.mount(
        "mounting mqueue on /dev/mqueue",
        OnError.allow(Errno.ENODEV, Errno.EPERM),
        "mqueue",
        "/dev/mqueue",
        "mqueue",
        NO_ESCAPE,
        null);
  }

  /** Hides and protects parts of /proc and /sys that namespaces do not divide. */
  void protect(Steps steps) {
    for (var path : KernelPaths.READ_ONLY) {
      steps.because("read-only: " + path.reason());
      steps.attempt(
          "binding " + path.path(),
          List.of(Errno.ENOENT),
          inner ->
              inner.mount(
                  "making " + path.path() + " read-only",
                  null,
                  path.path(),
                  null,
                  Flags.MS_REMOUNT | Flags.MS_BIND | Flags.MS_RDONLY | NO_ESCAPE,
                  null),
          Sys.MOUNT,
          Operand.text(path.path()),
          Operand.text(path.path()),
          Operand.number(0),
          Operand.number(Flags.MS_BIND | Flags.MS_REC, Notation.MOUNT),
          Operand.number(0));
    }
    for (var path : KernelPaths.MASKED) {
      steps.because("hidden: " + path.reason());
      if (path.kind() == KernelPaths.Kind.FILE) {
        steps.mount(
            "hiding " + path.path(),
            OnError.allow(Errno.ENOENT),
            "/dev/null",
            path.path(),
            null,
            Flags.MS_BIND,
            null);
      } else {
        steps.mount(
            "hiding " + path.path(),
            OnError.allow(Errno.ENOENT),
            "tmpfs",
            path.path(),
            "tmpfs",
            NO_ESCAPE | Flags.MS_RDONLY,
            "mode=0555,size=0");
      }
    }
  }
}
