package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleMount.MountAttributes;
import bailey.core.bundle.KernelPathRules;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * Hides and protects paths of a bundle's container. What covers a file is the machine's /dev/null,
 * opened before its own could stand for it, and looked at (CVE-2025-31133); a place is opened once,
 * and covered by that descriptor.
 */
final class BundlePaths {
  private static final OnError NOT_THERE =
      OnError.allow(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES, Errno.ELOOP);

  /** Where statx(2) has the mode. */
  private static final int MODE = 28;

  /** S_IFDIR, and how far one type is from the next. */
  private static final int DIRECTORY = 0040000;

  private static final int TYPE = 0010000;

  private final BundleRootSteps root;
  private final KernelPathRules rules;

  BundlePaths(BundleRootSteps root, KernelPathRules rules) {
    this.root = root;
    this.rules = rules;
  }

  /** While the old root is there. */
  void protect(Steps steps) {
    for (var path : rules.readOnly()) {
      steps.because("linux.readonlyPaths");
      where(steps, path, (inner, place) -> readOnly(inner, path, place));
    }
    if (rules.masked().isEmpty()) {
      return;
    }
    steps.because("linux.maskedPaths");
    var nothing = steps.registers().number("nothing");
    steps.call(
        "opening /dev/null",
        nothing,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text("/dev/null"),
        Operand.number(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN),
        number(0));
    BundleDevices.refuseOther(steps, nothing, "/dev/null", 1, 3);
    var empty = steps.registers().number("empty directory");
    steps.add(new Step.Assign(note(steps, "none yet"), empty, number(-1)));
    for (var path : rules.masked()) {
      where(steps, path, (inner, place) -> mask(inner, path, place, nothing, empty));
    }
    steps.when(
        "where one was made",
        number(-1),
        Step.Test.LESS,
        result(empty),
        inner -> BundleRootSteps.close(inner, empty));
    BundleRootSteps.close(steps, nothing);
  }

  private interface Treatment {
    void of(Steps steps, Register place);
  }

  private void where(Steps steps, String path, Treatment treatment) {
    var place = steps.registers().number("place");
    root.look(steps, place, path, OpenFlags.O_PATH, NOT_THERE);
    steps.when(
        "where there is " + path,
        number(-1),
        Step.Test.LESS,
        result(place),
        inner -> {
          treatment.of(inner, place);
          BundleRootSteps.close(inner, place);
        });
  }

  private static void readOnly(Steps steps, String path, Register place) {
    var tree = copy(steps, path, place, Flags.AT_RECURSIVE);
    steps.call(
        "making " + path + " read-only",
        Sys.MOUNT_SETATTR,
        result(tree),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH | Flags.AT_RECURSIVE, Notation.AT),
        Operand.address(RootSteps.attributes(Flags.MOUNT_ATTR_RDONLY)),
        number(32));
    cover(steps, "protecting " + path, OnError.FAIL, tree, place);
    BundleRootSteps.close(steps, tree);
  }

  private static Register copy(Steps steps, String path, Register place, long flags) {
    var tree = steps.registers().number("tree");
    steps.call(
        "opening " + path,
        tree,
        OnError.FAIL,
        Sys.OPEN_TREE,
        result(place),
        Operand.text(""),
        Operand.number(
            Flags.OPEN_TREE_CLONE | Flags.AT_EMPTY_PATH | OpenFlags.O_CLOEXEC | flags,
            Notation.OPEN_TREE));
    return tree;
  }

  private static void cover(
      Steps steps, String what, OnError onError, Register tree, Register place) {
    steps.call(
        what,
        steps.registers().number("covered"),
        onError,
        Sys.MOVE_MOUNT,
        result(tree),
        Operand.text(""),
        result(place),
        Operand.text(""),
        Operand.number(
            Flags.MOVE_MOUNT_F_EMPTY_PATH | Flags.MOVE_MOUNT_T_EMPTY_PATH, Notation.MOVE_MOUNT));
  }

  /**
   * What it is is looked at, and not just tried: a refused mount costs more than all of this. The
   * directories share one that is empty. It is mounted on the first of them, and copied from there:
   * kernels before 6.15 copy nothing that is not mounted anywhere.
   */
  private static void mask(
      Steps steps, String path, Register place, Register nothing, Register empty) {
    var mode = mode(steps, path, place);
    var cover = steps.registers().number("cover");
    steps.add(
        new Step.Assign(note(steps, "a file, if it is no directory"), cover, result(nothing)));
    steps.when(
        "where it may be a directory",
        number(DIRECTORY - 1L),
        Step.Test.LESS,
        result(mode),
        inner ->
            inner.when(
                "where it is one",
                result(mode),
                Step.Test.LESS,
                number(DIRECTORY + TYPE),
                directory -> hideFirst(directory, path, place, cover, empty)));
    steps.when(
        "where it is not hidden yet",
        number(-1),
        Step.Test.LESS,
        result(cover),
        inner -> {
          var tree = copy(inner, "what covers " + path, cover, 0);
          cover(inner, "hiding " + path, OnError.FAIL, tree, place);
          BundleRootSteps.close(inner, tree);
        });
  }

  private static void hideFirst(
      Steps steps, String path, Register place, Register cover, Register empty) {
    steps.add(new Step.Assign(note(steps, "a directory"), cover, result(empty)));
    steps.when(
        "where there is no empty directory yet",
        result(empty),
        Step.Test.LESS,
        number(0),
        inner -> {
          makeEmpty(inner, empty);
          cover(inner, "hiding " + path, OnError.FAIL, empty, place);
        });
  }

  /** Its type and permissions, see inode(7). */
  private static Register mode(Steps steps, String path, Register place) {
    var status = BundleDevices.status(steps, path, place, "", Flags.AT_EMPTY_PATH);
    var mode = steps.registers().number("mode");
    steps.load("what it is", status, MODE, 4, mode); // 2 bytes, and 2 that are 0
    return mode;
  }

  private static void makeEmpty(Steps steps, Register empty) {
    long attributes =
        Flags.MOUNT_ATTR_RDONLY
            | Flags.MOUNT_ATTR_NOSUID
            | Flags.MOUNT_ATTR_NODEV
            | Flags.MOUNT_ATTR_NOEXEC;
    var made =
        BundleMountSteps.make(
            steps,
            "tmpfs",
            "tmpfs",
            List.of("mode=0555", "size=4k"),
            new MountAttributes(attributes, 0, 0, 0));
    steps.add(new Step.Assign(note(steps, "kept for all"), empty, result(made)));
  }
}
