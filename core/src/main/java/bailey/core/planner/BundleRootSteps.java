package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleRoot;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * The root directory of a bundle, and places in it before it is the root: hooks that run then
 * expect the mounts to be there. What is in it may be anybody's, and be exchanged at any moment, so
 * a place is looked up by the kernel as if the directory were the root (openat2(2),
 * RESOLVE_IN_ROOT), without the links of /proc, and from then on used by its descriptor only: what
 * was looked at is what is mounted on.
 */
final class BundleRootSteps {
  private static final long PROC_SUPER_MAGIC = 0x9fa0;
  private static final OnError PERHAPS_THERE = OnError.allow(Errno.EEXIST);
  private static final OnError NOT_THERE = OnError.allow(Errno.ENOENT);

  private final BundleRoot root;
  private final Register directory;
  private final Arch arch;

  private BundleRootSteps(BundleRoot root, Register directory, Arch arch) {
    this.root = root;
    this.directory = directory;
    this.arch = arch;
  }

  /** The descriptor of the root directory. */
  Register directory() {
    return directory;
  }

  /** For {@link #look}: a directory that is read. */
  long directoryFlag() {
    return OpenFlags.directory(arch);
  }

  /** In a mount namespace of its own: the root becomes a mount, at its place on the machine. */
  static BundleRootSteps attach(Steps steps, BundleRoot root, Arch arch) {
    steps.because("root");
    steps.mount("setting what mounts hear of each other", null, "/", null, meanwhile(root), null);
    root.mountPoint()
        .ifPresent(
            point ->
                steps.mount(
                    "keeping the mounts of the container to itself",
                    null,
                    point,
                    null,
                    Flags.MS_PRIVATE,
                    null));
    var tree =
        RootSteps.tree(
            steps,
            "opening the root directory " + root.path(),
            root.path(),
            Flags.OPEN_TREE_CLONE | Flags.AT_RECURSIVE | OpenFlags.O_CLOEXEC,
            "root");
    steps.call(
        "mounting the root directory " + root.path(),
        Sys.MOVE_MOUNT,
        result(tree),
        Operand.text(""),
        Steps.cwd(),
        Operand.text(root.path()),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
    return new BundleRootSteps(root, tree, arch);
  }

  /** Of what is unbindable no mount could be made: it becomes so at the end. */
  private static long meanwhile(BundleRoot root) {
    long asked = root.propagation();
    if (asked == 0) {
      return Flags.MS_SLAVE | Flags.MS_REC;
    }
    return (asked & Flags.MS_UNBINDABLE) != 0 ? Flags.MS_PRIVATE | (asked & Flags.MS_REC) : asked;
  }

  /** Makes it the root, and lets go of the machine's. */
  void enter(Steps steps) {
    steps.because("root");
    steps.call("entering the root directory", Sys.FCHDIR, result(directory));
    if (!root.pivot()) {
      move(steps);
      return;
    }
    var old = steps.open("opening the old root", Steps.cwd(), "/", OpenFlags.O_PATH, "old root");
    steps.call("changing the root", Sys.PIVOT_ROOT, Operand.text("."), Operand.text("."));
    steps.call("entering the old root", Sys.FCHDIR, result(old));
    steps.mount(
        "keeping from the machine that it is let go of",
        null,
        ".",
        null,
        Flags.MS_SLAVE | Flags.MS_REC,
        null);
    steps.call(
        "letting go of the old root",
        Sys.UMOUNT2,
        Operand.text("."),
        Operand.number(Flags.MNT_DETACH, Notation.UMOUNT));
    steps.close(old);
    steps.call("entering the new root", Sys.CHDIR, Operand.text("/"));
    if (root.propagation() != 0) {
      steps.because("linux.rootfsPropagation");
      steps.mount("setting what the root hears", null, "/", null, root.propagation(), null);
    }
  }

  /** An initial ramdisk cannot be pivoted away: it is covered, and nothing of it is reachable. */
  private static void move(Steps steps) {
    steps.because("--no-pivot");
    steps.mount("moving the root directory to /", ".", "/", null, 0x2000 /* MS_MOVE */, null);
    steps.call("making it the root", Sys.CHROOT, Operand.text("."));
    steps.call("entering the new root", Sys.CHDIR, Operand.text("/"));
  }

  /** The root cannot be written to. */
  void protect(Steps steps) {
    if (!root.readOnly()) {
      return;
    }
    steps.because("root.readonly");
    steps.call(
        "making the root read-only",
        Sys.MOUNT_SETATTR,
        result(directory),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH, Notation.AT),
        Operand.address(RootSteps.attributes(Flags.MOUNT_ATTR_RDONLY)),
        number(32));
  }

  /**
   * Opens what is at a path, a number of {@code into}: negative where it is not there.
   *
   * @param flags O_ flags besides O_CLOEXEC
   * @param onError what is acceptable
   */
  void look(Steps steps, Register into, String path, long flags, OnError onError) {
    String relative = path.equals("/") ? "." : path.substring(1);
    steps.call(
        "opening " + path + " in the root",
        into,
        onError,
        Sys.OPENAT2,
        result(directory),
        Operand.text(relative),
        Operand.address(
            // struct open_how: flags, mode, resolve
            new Datum.Words(
                "as in the root, without the links of /proc",
                List.of(
                    Operand.number(flags | OpenFlags.O_CLOEXEC, Notation.OPEN),
                    number(0),
                    Operand.number(
                        Flags.RESOLVE_IN_ROOT | Flags.RESOLVE_NO_MAGICLINKS, Notation.HEX)))),
        number(24));
  }

  /** Opens a directory, which is made with those above it where they are missing. */
  Register directory(Steps steps, String path) {
    var place = steps.registers().number("place");
    look(steps, place, path, OpenFlags.O_PATH, NOT_THERE);
    steps.when(
        "where it is not there",
        result(place),
        Step.Test.EQUAL,
        number(-Errno.ENOENT.number()),
        inner -> makeAll(inner, path, place));
    return place;
  }

  private void makeAll(Steps steps, String path, Register place) {
    var above = steps.registers().number("place above");
    look(steps, above, "/", OpenFlags.O_PATH, OnError.FAIL);
    for (int start = 1, end; start < path.length(); start = end + 1) {
      int slash = path.indexOf('/', start);
      end = slash < 0 ? path.length() : slash;
      String whole = path.substring(0, end);
      steps.call(
          "making the directory " + whole,
          PERHAPS_THERE,
          Sys.MKDIRAT,
          result(above),
          Operand.text(path.substring(start, end)),
          Operand.number(0755, Notation.OCTAL));
      look(steps, place, whole, OpenFlags.O_PATH, OnError.FAIL);
      close(steps, above);
      steps.add(new Step.Assign(note(steps, "going on from there"), above, result(place)));
    }
  }

  /**
   * Opens the directory of a file, which is made where it is missing. A link in the place of the
   * file is not followed, but mounted on: where it leads to may not be there.
   */
  Register directoryOfFile(Steps steps, String path) {
    var parent = directory(steps, above(path));
    var made = steps.registers().number("file");
    steps.call(
        "making the file " + path,
        made,
        OnError.allow(Errno.EEXIST, Errno.EROFS, Errno.EACCES, Errno.EPERM),
        Sys.OPENAT,
        result(parent),
        Operand.text(name(path)),
        Operand.number(
            OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0755, Notation.OCTAL));
    steps.when(
        "where it was not there",
        number(-1),
        Step.Test.LESS,
        result(made),
        inner -> close(inner, made));
    return parent;
  }

  static String above(String path) {
    return path.substring(0, Math.max(path.lastIndexOf('/'), 1));
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Refuses a place that a link led to in a proc file system, which decides about processes. */
  static void refuseProc(Steps steps, Register place, String path) {
    if (path.equals("/proc") || path.startsWith("/proc/")) {
      return; // asked for by this name, and checked by it
    }
    var status = new Datum.Space("file system status", 128);
    var type = steps.registers().number("file system");
    steps.call(
        "looking at the file system of " + path,
        Sys.FSTATFS,
        result(place),
        Operand.address(status));
    steps.load("its type", status, 0, 8, type);
    steps.when(
        "where it is a proc",
        result(type),
        Step.Test.EQUAL,
        Operand.number(PROC_SUPER_MAGIC, Notation.HEX),
        inner ->
            inner.add(
                new Step.Fail(
                    note(inner, "mounting on " + path + ", which leads into a proc file system,"),
                    number(-Errno.EXDEV.number()))));
  }

  static void close(Steps steps, Register descriptor) {
    steps.call("closing " + descriptor.name(), Sys.CLOSE, result(descriptor));
  }
}
