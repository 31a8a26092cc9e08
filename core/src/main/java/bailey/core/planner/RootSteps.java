package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.RootRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The root directory of a container and what of the machine's files is in it.
 *
 * <p>Sources are opened by handle (open_tree(2)) while the old root is still the root, and attached
 * after the root was changed ({@link RootChange}): a path inside then cannot lead out whatever
 * links it has.
 */
final class RootSteps {
  static final long DETACHED_TREE =
      Flags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | Flags.AT_RECURSIVE;

  /** Not part of the copy of the machine's root: the container has its own. */
  static final List<String> OWN = List.of("/proc", "/sys", "/dev");

  private final LaunchRequest request;
  private final boolean entersUsers;
  private final KernelFeatures features;
  private final RootChange change;
  private final Map<String, Register> hostMounts = new LinkedHashMap<>();
  private final Map<MountRequest.Bind, Register> binds = new LinkedHashMap<>();
  private final SecretSteps secrets;

  /**
   * For one container.
   *
   * @param entersUsers whether it is in another user namespace than its starter
   * @param features what its parent may do
   * @param change how it gets there
   */
  RootSteps(
      LaunchRequest request, boolean entersUsers, KernelFeatures features, RootChange change) {
    this.request = request;
    this.entersUsers = entersUsers;
    this.features = features;
    this.change = change;
    this.secrets = new SecretSteps(request, features.privileged());
  }

  /** Whether the parent must hand over trees whose owners are mapped: it alone may map them. */
  boolean needsHandles() {
    return entersUsers
        && features.privileged()
        && request.spec().namespace(NamespaceKind.MNT) instanceof NamespaceRequest.New;
  }

  /** In the parent, when the child's user namespace has its map: the trees, their owners mapped. */
  void handOver(Steps steps, Register process, Register socket) {
    if (!needsHandles()) {
      return;
    }
    steps.because("--userns auto: owners of files are mapped");
    var namespace = userNamespace(steps, process);
    var trees = new ArrayList<Register>();
    if (request.spec().root() instanceof RootRequest.Directory(String path)) {
      trees.add(mapped(steps, path, DETACHED_TREE, "root", namespace));
    } else {
      trees.add(mapped(steps, "/", DETACHED_TREE & ~Flags.AT_RECURSIVE, "root", namespace));
    }
    for (var mount : request.spec().mounts()) {
      if (mount instanceof MountRequest.Bind bind) {
        trees.add(
            mapped(steps, bind.source(), DETACHED_TREE, "bind " + bind.destination(), namespace));
      }
    }
    steps.close(namespace);
    Handover.send(steps, "handing the trees to the child", socket, trees);
    trees.forEach(steps::close);
  }

  static Register userNamespace(Steps steps, Register process) {
    var path = new Datum.Space("path of its user namespace", 48);
    var end = steps.registers().number("end of path");
    var note = new Step.Note("naming its user namespace", steps.because());
    steps.add(new Step.Append(note, path, Operand.number(0), new Datum.Text("/proc/")));
    steps.add(new Step.Decimal(note, path, 6, Operand.result(process), end));
    steps.add(new Step.Append(note, path, Operand.result(end), new Datum.Text("/ns/user")));
    var namespace = steps.registers().descriptor("user namespace");
    steps.call(
        "opening its user namespace",
        namespace,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.address(path),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
    return namespace;
  }

  /**
   * A tree that the child gets is a peer of the machine's mounts where these are shared, as with
   * systemd, because the child made its own private without it: pivot_root(2) refuses it with
   * EINVAL, and what the child mounts below it would appear on the machine. So it is made private
   * here, as all others are.
   *
   * <p>EINVAL: a file system that cannot map owners keeps those it has, whom nobody inside is.
   */
  private static Register mapped(
      Steps steps, String path, long flags, String name, Register namespace) {
    var tree = tree(steps, "opening " + path, path, flags, name);
    var zero = Operand.number(0);
    var recursive = Operand.number(Flags.AT_EMPTY_PATH | (flags & Flags.AT_RECURSIVE), Notation.AT);
    var apart =
        new Datum.Words(
            "private mounts",
            List.of(zero, zero, Operand.number(Flags.MS_PRIVATE, Notation.MOUNT), zero));
    steps.call(
        "keeping the mounts of " + path + " apart",
        Sys.MOUNT_SETATTR,
        Operand.result(tree),
        Operand.text(""),
        recursive,
        Operand.address(apart),
        Operand.number(32));
    var attributes =
        new Datum.Words(
            "map of owners",
            List.of(Operand.number(Flags.MOUNT_ATTR_IDMAP, Notation.HEX), zero, zero, zero));
    steps.store("the user namespace", attributes, 24, 8, Operand.result(namespace));
    steps.call(
        "mapping the owners of " + path,
        OnError.allow(Errno.EINVAL, Errno.EPERM),
        Sys.MOUNT_SETATTR,
        Operand.result(tree),
        Operand.text(""),
        recursive,
        Operand.address(attributes),
        Operand.number(32));
    return tree;
  }

  /** In the child: takes what the parent hands over. */
  void receive(Steps steps, Register socket) {
    if (!needsHandles()) {
      return;
    }
    steps.because("--userns auto: owners of files are mapped");
    var trees = new ArrayList<Register>();
    trees.add(steps.registers().descriptor("root"));
    for (var mount : request.spec().mounts()) {
      if (mount instanceof MountRequest.Bind bind) {
        var tree = steps.registers().descriptor("bind " + bind.destination());
        binds.put(bind, tree);
        trees.add(tree);
      }
    }
    Handover.receive(steps, "taking the trees from the parent", socket, trees);
  }

  private boolean copiesHost() {
    return request.spec().root() instanceof RootRequest.Host;
  }

  /** Opens what is to be attached. */
  void open(Steps steps) {
    steps.because("mnt namespace");
    change.begin(steps);
    openSources(steps);
    if (request.spec().root() instanceof RootRequest.Directory(String path) && !needsHandles()) {
      steps.because("--root");
      part(steps, "the root directory " + path, path, DETACHED_TREE, "root");
    }
    if (copiesHost()) {
      steps.because("default: the machine's root, copy-on-write");
      change.openLower(steps);
    }
    change.leave(steps);
  }

  private Register part(Steps steps, String what, String path, long flags, String name) {
    var tree = tree(steps, "opening " + what, path, flags, name);
    change.part(steps, path, tree);
    return tree;
  }

  /** Makes the new root, goes there and lets go of the machine's. */
  void enter(Steps steps) {
    if (request.spec().root() instanceof RootRequest.Directory(String path)) {
      steps.because("--root");
      change.enter(steps, path, steps.registers().descriptor("root"));
    } else {
      new RootCopySteps(
              request,
              entersUsers,
              needsHandles(),
              features,
              change,
              path -> hostMounts.containsKey(path) || secrets.replaces(path))
          .make(steps);
      change.enterHere(steps);
    }
  }

  private void openSources(Steps steps) {
    if (copiesHost()) {
      steps.because("default: the machine's other file systems, read-only");
      for (var point : outermost()) {
        hostMounts.put(point, part(steps, point, point, DETACHED_TREE, "mount " + point));
      }
    }
    for (var mount : request.spec().mounts()) {
      if (mount instanceof MountRequest.Bind bind && !needsHandles()) {
        steps.because("--bind " + bind.source() + ":" + bind.destination());
        binds.put(
            bind,
            part(steps, bind.source(), bind.source(), DETACHED_TREE, "bind " + bind.destination()));
      }
    }
  }

  /** The machine's mounts below its root that are not inside of one another nor replaced. */
  private List<String> outermost() {
    var all = new ArrayList<String>();
    for (var mount : request.host().mounts()) {
      if (!mount.point().equals("/") && !isBelow(mount.point(), OWN) && !isHidden(mount.point())) {
        String point = inParts() ? part(mount.point()) : mount.point();
        if (all.stream().noneMatch(other -> isBelow(point, List.of(other)))) {
          all.removeIf(other -> isBelow(other, List.of(point)));
          all.add(point);
        }
      }
    }
    return all;
  }

  /**
   * Whether nothing of a mount is needed. A part of the root with a mount below it cannot be copied
   * even where that mount is hidden.
   */
  private boolean isHidden(String point) {
    return inParts() ? secrets.replaces(part(point)) : secrets.hides(point);
  }

  /** A part of the root that has mounts below it is not copied: it is there whole, read-only. */
  private boolean inParts() {
    return entersUsers && !needsHandles();
  }

  private static String part(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0 ? path : path.substring(0, slash);
  }

  static boolean isBelow(String path, List<String> tops) {
    return tops.stream().anyMatch(top -> path.equals(top) || path.startsWith(top + "/"));
  }

  static Register tree(Steps steps, String what, String path, long flags, String name) {
    var fd = steps.registers().descriptor(name);
    steps.call(
        what,
        fd,
        OnError.FAIL,
        Sys.OPEN_TREE,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(flags, Notation.OPEN_TREE));
    return fd;
  }

  /** Attaches a tree at a path that exists, and closes its handle. */
  static void attach(Steps steps, String what, Register tree, String path) {
    move(steps, what, tree, path);
    steps.close(tree);
  }

  /** Attaches a tree at a path that exists; its handle is then one of the mount. */
  static void move(Steps steps, String what, Register tree, String path) {
    steps.call(
        what,
        Sys.MOVE_MOUNT,
        Operand.result(tree),
        Operand.text(""),
        Steps.cwd(),
        Operand.text(path),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
  }

  /**
   * Read-only and the like for a tree that was opened; struct mount_attr has four words of 8 bytes.
   */
  static void attributes(Steps steps, String what, Register tree, long set) {
    steps.call(
        what,
        Sys.MOUNT_SETATTR,
        Operand.result(tree),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH | Flags.AT_RECURSIVE, Notation.AT),
        Operand.address(attributes(set)),
        Operand.number(32));
  }

  static Datum attributes(long set) {
    var zero = Operand.number(0);
    return new Datum.Words(
        "mount attributes " + set, List.of(Operand.number(set), zero, zero, zero));
  }

  /**
   * After the kernel's own file systems are mounted: the machine's, then what the user asked for.
   */
  void attachSources(Steps steps) {
    steps.because("default: the machine's other file systems, read-only");
    long attributes = Flags.MOUNT_ATTR_RDONLY | Flags.MOUNT_ATTR_NOSUID | Flags.MOUNT_ATTR_NODEV;
    hostMounts.forEach(
        (point, tree) -> {
          attributes(steps, "making " + point + " read-only", tree, attributes);
          attach(steps, "mounting " + point, tree, point);
        });
  }

  /** Hides what the machine keeps from others. */
  void hideSecrets(Steps steps) {
    if (copiesHost()) {
      secrets.hide(steps);
    }
  }

  /** What the user asked for, in the order of the request. */
  void attachRequests(Steps steps) {
    for (var mount : request.spec().mounts()) {
      switch (mount) {
        case MountRequest.Bind bind -> attachBind(steps, bind);
        case MountRequest.Tmpfs(String destination, long size) -> {
          steps.because("--tmpfs " + destination);
          var place = DestinationSteps.directory(steps, destination);
          steps.call("entering " + destination, Sys.FCHDIR, Operand.result(place));
          steps.mount(
              "mounting memory on " + destination,
              "tmpfs",
              ".",
              "tmpfs",
              Flags.MS_NOSUID | Flags.MS_NODEV,
              size == 0 ? "mode=1777" : "mode=1777,size=" + size);
          steps.close(place);
          steps.call("entering /", Sys.CHDIR, Operand.text("/"));
        }
      }
    }
    if (request.spec().readOnly()) {
      steps.because("--read-only");
      for (var path : copies()) {
        steps.call(
            "making " + path + " read-only",
            Sys.MOUNT_SETATTR,
            Steps.cwd(),
            Operand.text(path),
            Operand.number(0),
            Operand.address(attributes(Flags.MOUNT_ATTR_RDONLY)),
            Operand.number(32));
      }
    }
  }

  /** Where the root and copied parts of it are mounted, and are not hidden by something else. */
  private List<String> copies() {
    var copies = new ArrayList<String>();
    copies.add("/");
    if (copiesHost() && inParts()) {
      for (var part : request.host().top()) {
        String path = "/" + part.name();
        if (isCopied(part) && !secrets.hides(path)) {
          copies.add(path);
        }
      }
    }
    secrets.home().ifPresent(copies::add);
    return copies;
  }

  private boolean isCopied(HostView.Entry part) {
    String path = "/" + part.name();
    return part.directory()
        && part.link().isEmpty()
        && !isBelow(path, OWN)
        && !hostMounts.containsKey(path)
        && !secrets.replaces(path);
  }

  private void attachBind(Steps steps, MountRequest.Bind bind) {
    var tree = binds.get(bind);
    if (tree == null) {
      throw new IllegalStateException(bind + " was not opened");
    }
    String destination = bind.destination();
    steps.because("--bind " + bind.source() + ":" + destination);
    long attributes =
        Flags.MOUNT_ATTR_NOSUID
            | Flags.MOUNT_ATTR_NODEV
            | (bind.readOnly() ? Flags.MOUNT_ATTR_RDONLY : 0);
    attributes(steps, "setting the attributes of " + destination, tree, attributes);
    String what = "mounting " + bind.source() + " on " + destination;
    if (request.host().files().contains(bind.source())) {
      DestinationSteps.attachFile(steps, what, tree, destination);
    } else {
      DestinationSteps.attachDirectory(steps, what, tree, destination);
    }
  }

  /** Makes a directory and those above it where they are missing, inside the new root. */
  static void directories(Steps steps, String path) {
    for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
      String part = slash < 0 ? path : path.substring(0, slash);
      if (!part.endsWith("/")) {
        steps.mkdir(
            "making the directory " + part,
            part,
            0755,
            OnError.allow(Errno.EEXIST, Errno.EROFS, Errno.EACCES, Errno.EPERM));
      }
      if (slash < 0) {
        return;
      }
    }
  }
}
