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
  /** In /dev, which is the only directory that is bailey's whatever the root is. */
  private static final String KEPT = ".bailey";

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
  private final boolean ownUsers;
  private final boolean privileged;
  private final boolean mapsTtyGroup;
  private final OuterNamespaces outer;
  private final RootChange change;
  private final Map<Device, Register> hostDevices = new LinkedHashMap<>();

  /**
   * For one container.
   *
   * @param inUserNamespace whether it is in another user namespace than the machine's
   * @param ownUsers whether that is its own, not one that it joins
   * @param outer namespaces that do not belong to that
   * @param change how it comes to its root directory
   */
  KernelMountSteps(
      ContainerSpec spec,
      Placement placement,
      boolean inUserNamespace,
      boolean ownUsers,
      boolean privileged,
      boolean mapsTtyGroup,
      OuterNamespaces outer,
      RootChange change) {
    this.spec = spec;
    this.placement = placement;
    this.inUserNamespace = inUserNamespace;
    this.ownUsers = ownUsers;
    this.privileged = privileged;
    this.mapsTtyGroup = mapsTtyGroup;
    this.outer = outer;
    this.change = change;
  }

  /**
   * Whether a namespace is the starter's, or another's to the container's own user namespace, which
   * has no rights over it then.
   */
  private boolean foreign(NamespaceKind kind) {
    return switch (spec.namespace(kind)) {
      case NamespaceRequest.New() -> false;
      case NamespaceRequest.Shared() -> true;
      case NamespaceRequest.Joined _ -> ownUsers;
    };
  }

  /**
   * Before the root is changed: handles of what is taken from the old one, and of what the kernel
   * serves anew. It lets an unprivileged user namespace mount a proc or sysfs only while that sees
   * a whole one (fs/namespace.c, mount_too_revealing). What is put into these later is put there by
   * way of the handle: a root directory that others may write does not say where.
   */
  void open(Steps steps) {
    if (inUserNamespace) {
      steps.because("/dev: mknod is refused in a user namespace");
      for (var device : DEVICES) {
        hostDevices.put(
            device, handle(steps, "/dev/" + device.name(), 0, "device " + device.name()));
      }
    }
    steps.because("/proc");
    boolean entersUsers =
        ownUsers || spec.namespace(NamespaceKind.USER) instanceof NamespaceRequest.Joined;
    if (entersUsers && foreign(NamespaceKind.PID)) {
      // it shows one pid namespace, and only who has privileges over that may mount it
      handle(steps, "/proc", Flags.AT_RECURSIVE, "proc");
    } else {
      change.fresh(steps, "proc", "proc", NO_ESCAPE, null);
    }
    openSys(steps);
    if (spec.boundary()) {
      openKept(steps);
    }
    steps.because("/dev, minimal");
    long flags = Flags.MS_NOSUID | Flags.MS_NOEXEC | Flags.MS_STRICTATIME;
    change.fresh(steps, "dev", "tmpfs", flags, "mode=0755,size=64k");
  }

  /**
   * sysfs shows one network namespace, and only who has privileges over that may mount it. Who has
   * none gets the machine's own with all that is mounted in it; root would get debugfs, tracefs and
   * every control group to read by that.
   */
  private void openSys(Steps steps) {
    if (!foreign(NamespaceKind.NET)) {
      steps.because("/sys, read-only");
      change.fresh(steps, "sys", "sysfs", NO_ESCAPE | Flags.MS_RDONLY, null);
      return;
    }
    steps.because("/sys: the network is shared");
    handle(steps, "/sys", Flags.AT_RECURSIVE, "sys");
    if (!mountsSharedSys()) {
      return;
    }
    steps.attempt(
        "mounting sysfs for /sys",
        List.of(Errno.EPERM),
        inner -> {
          inner.close(inner.registers().descriptor("sys"));
          handle(inner, change.place(), 0, "sys");
        },
        Sys.MOUNT,
        Operand.text("sysfs"),
        Operand.text(change.place()),
        Operand.text("sysfs"),
        Operand.number(NO_ESCAPE | Flags.MS_RDONLY, Notation.MOUNT),
        Operand.number(0));
  }

  private boolean mountsSharedSys() {
    return privileged && !inUserNamespace;
  }

  /**
   * A user namespace may mount a proc or sysfs only while it sees one of which nothing is covered,
   * and of what covers parts of /proc and /sys here nothing can be taken away in it
   * (mount_too_revealing() in fs/namespace.c). So a boundary keeps one of each for the containers
   * in it: a proc with processes only, in which there is nothing that would have to be covered, and
   * a sysfs that can only be read, so that each one in it can only be read.
   */
  private void openKept(Steps steps) {
    steps.because("--boundary: containers in it mount their own");
    change.fresh(steps, "kept proc", "proc", NO_ESCAPE, "subset=pid");
    change.fresh(steps, "kept sys", "sysfs", NO_ESCAPE | Flags.MS_RDONLY, null);
  }

  /** Nobody needs to come to them, so memory is mounted over the directory that they are in. */
  private static void placeKept(Steps steps) {
    steps.because("--boundary: containers in it mount their own");
    steps.mkdir("making " + KEPT, KEPT, 0755, OnError.FAIL);
    for (var name : List.of("proc", "sys")) {
      String place = KEPT + "/" + name;
      steps.mkdir("making " + place, place, 0555, OnError.FAIL);
      var tree = steps.registers().descriptor("kept " + name);
      move(steps, tree, place);
      steps.close(tree);
    }
    steps.mount(
        "covering them", "tmpfs", KEPT, "tmpfs", NO_ESCAPE | Flags.MS_RDONLY, "mode=0555,size=0");
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
    move(steps, steps.registers().descriptor("proc"), "/proc");
    sys(steps);
    dev(steps);
    steps.because("/dev, minimal");
    steps.call("entering /", Sys.CHDIR, Operand.text("/"));
  }

  private static void enter(Steps steps, String name) {
    var tree = steps.registers().descriptor(name);
    steps.call("entering /" + name, Sys.FCHDIR, Operand.result(tree));
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
    var tree = steps.registers().descriptor("sys");
    if (foreign(NamespaceKind.NET)) {
      steps.call(
          "making /sys read-only",
          Sys.MOUNT_SETATTR,
          Operand.result(tree),
          Operand.text(""),
          Operand.number(Flags.AT_EMPTY_PATH | Flags.AT_RECURSIVE, Notation.AT),
          Operand.address(
              RootSteps.attributes(
                  Flags.MOUNT_ATTR_RDONLY
                      | Flags.MOUNT_ATTR_NOSUID
                      | Flags.MOUNT_ATTR_NODEV
                      | Flags.MOUNT_ATTR_NOEXEC)),
          Operand.number(32));
    }
    move(steps, tree, "/sys");
    if (foreign(NamespaceKind.NET) && !mountsSharedSys()) {
      return;
    }
    if (!placement.directories().isEmpty() && !foreign(NamespaceKind.CGROUP)) {
      cgroups(steps);
    }
  }

  /**
   * The container's own groups, read-only, so that programs find their limits; those of a boundary
   * as its root may change them.
   */
  private void cgroups(Steps steps) {
    steps.because(spec.boundary() ? "--boundary: /sys/fs/cgroup" : "/sys/fs/cgroup, read-only");
    enter(steps, "sys");
    long flags = NO_ESCAPE | (spec.boundary() ? 0 : Flags.MS_RDONLY);
    if (placement.unified()) {
      // EBUSY: sysfs was refused, and the machine's /sys has it there
      var onError = foreign(NamespaceKind.NET) ? OnError.allow(Errno.EBUSY) : OnError.FAIL;
      steps.mount("mounting cgroup2", onError, "cgroup2", "fs/cgroup", "cgroup2", flags, null);
      return;
    }
    steps.mount(
        "mounting a place for cgroups",
        "tmpfs",
        "fs/cgroup",
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
      steps.mkdir("making " + name, "fs/cgroup/" + name, 0755, OnError.FAIL);
      steps.mount(
          "mounting the cgroup of " + name,
          "cgroup",
          "fs/cgroup/" + name,
          core ? "cgroup2" : "cgroup",
          flags,
          core ? null : controller);
    }
    steps.mount(
        "making /sys/fs/cgroup read-only",
        null,
        "fs/cgroup",
        null,
        Flags.MS_REMOUNT | Flags.MS_BIND | Flags.MS_RDONLY | NO_ESCAPE,
        null);
  }

  /** The handle stays open, and is now one of the mount. */
  private static void move(Steps steps, Register tree, String path) {
    steps.call(
        "mounting " + path,
        Sys.MOVE_MOUNT,
        Operand.result(tree),
        Operand.text(""),
        Steps.cwd(),
        Operand.text(path),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
  }

  private void dev(Steps steps) {
    steps.because("/dev, minimal");
    place(steps, "/dev");
    var tree = steps.registers().descriptor("dev");
    move(steps, tree, "/dev");
    enter(steps, "dev");
    steps.close(tree);
    for (var device : DEVICES) {
      if (inUserNamespace) {
        bindDevice(steps, device);
      } else {
        steps.call(
            "making /dev/" + device.name(),
            Sys.MKNODAT,
            Steps.cwd(),
            Operand.text(device.name()),
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
          Operand.text(link.path().substring("/dev/".length())));
    }
    devSubmounts(steps);
    if (spec.boundary()) {
      placeKept(steps);
    }
  }

  private void bindDevice(Steps steps, Device device) {
    String path = "/dev/" + device.name();
    steps.call(
        "making " + path,
        Sys.MKNODAT,
        Steps.cwd(),
        Operand.text(device.name()),
        Operand.number(0100666, Notation.OCTAL),
        Operand.number(0));
    var tree = Objects.requireNonNull(hostDevices.get(device));
    move(steps, tree, device.name());
    steps.close(tree);
  }

  private void devSubmounts(Steps steps) {
    steps.mkdir("making /dev/pts", "pts", 0755, OnError.FAIL);
    steps.mount(
        "mounting devpts on /dev/pts",
        "devpts",
        "pts",
        "devpts",
        Flags.MS_NOSUID | Flags.MS_NOEXEC,
        "newinstance,ptmxmode=0666,mode=0620" + (mapsTtyGroup ? ",gid=5" : ""));
    steps.mkdir("making /dev/shm", "shm", 0755, OnError.FAIL);
    steps.mount(
        "mounting memory on /dev/shm", "tmpfs", "shm", "tmpfs", NO_ESCAPE, "mode=1777,size=64m");
    steps.mkdir("making /dev/mqueue", "mqueue", 0755, OnError.FAIL);
    if (!outer.isEmpty()) {
      outer.mountQueues(steps);
      return;
    }
    // a kernel may be built without POSIX message queues, and a shared ipc namespace is not ours
    steps.mount(
        "mounting mqueue on /dev/mqueue",
        OnError.allow(Errno.ENODEV, Errno.EPERM),
        "mqueue",
        "mqueue",
        "mqueue",
        NO_ESCAPE,
        null);
  }

  /** Hides and protects parts of /proc and /sys that namespaces do not divide. */
  void protect(Steps steps) {
    protect(steps, "proc");
    protect(steps, "sys");
    steps.call("entering /", Sys.CHDIR, Operand.text("/"));
  }

  private static void protect(Steps steps, String name) {
    String top = "/" + name + "/";
    enter(steps, name);
    steps.close(steps.registers().descriptor(name));
    for (var path : KernelPaths.READ_ONLY) {
      if (path.path().startsWith(top)) {
        steps.because("read-only: " + path.reason());
        readOnly(steps, path.path(), path.path().substring(top.length()));
      }
    }
    for (var path : KernelPaths.MASKED) {
      if (path.path().startsWith(top)) {
        steps.because("hidden: " + path.reason());
        hide(steps, path, path.path().substring(top.length()));
      }
    }
  }

  private static void readOnly(Steps steps, String path, String inside) {
    steps.attempt(
        "binding " + path,
        List.of(Errno.ENOENT),
        inner ->
            inner.mount(
                "making " + path + " read-only",
                null,
                inside,
                null,
                Flags.MS_REMOUNT | Flags.MS_BIND | Flags.MS_RDONLY | NO_ESCAPE,
                null),
        Sys.MOUNT,
        Operand.text(inside),
        Operand.text(inside),
        Operand.number(0),
        Operand.number(Flags.MS_BIND | Flags.MS_REC, Notation.MOUNT),
        Operand.number(0));
  }

  private static void hide(Steps steps, KernelPaths.KernelPath path, String inside) {
    boolean file = path.kind() == KernelPaths.Kind.FILE;
    steps.mount(
        "hiding " + path.path(),
        OnError.allow(Errno.ENOENT),
        file ? "/dev/null" : "tmpfs",
        inside,
        file ? null : "tmpfs",
        file ? Flags.MS_BIND : NO_ESCAPE | Flags.MS_RDONLY,
        file ? null : "mode=0555,size=0");
  }
}
