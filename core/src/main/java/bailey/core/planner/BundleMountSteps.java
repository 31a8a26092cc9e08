package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleMount;
import bailey.core.bundle.BundleMount.MountAttributes;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * The mounts of a bundle, each made apart from all others, with its attributes, and then attached
 * to its place by descriptor: at no moment is it there without them.
 */
final class BundleMountSteps {
  /** Of directories that are copied up: each takes some of the executor's stack. */
  private static final int COPIED_LEVELS = 40;

  private static final long FSOPEN_CLOEXEC = 1;
  private static final long FSMOUNT_CLOEXEC = 1;
  private static final long SET_FLAG = 0;
  private static final long SET_STRING = 1;
  private static final long CREATE = 6;

  private final BundleRootSteps root;
  private final BundleGroups groups;
  private final boolean ownGroups;
  private final BundleTrees trees;

  /**
   * For one container.
   *
   * @param ownGroups whether it has a cgroup namespace of its own
   * @param trees of bind mounts that were opened for it
   */
  BundleMountSteps(
      BundleRootSteps root, BundleGroups groups, boolean ownGroups, BundleTrees trees) {
    this.root = root;
    this.groups = groups;
    this.ownGroups = ownGroups;
    this.trees = trees;
  }

  /** Mounts one. */
  void mount(Steps steps, BundleMount mount) {
    steps.because("mounts: " + mount.destination());
    switch (mount.kind()) {
      case BIND, BIND_TREE -> bind(steps, mount);
      case FILE_SYSTEM -> fileSystem(steps, mount);
      case CONTROL_GROUPS -> controlGroups(steps, mount);
      case REMOUNT -> remount(steps, mount);
    }
  }

  private void bind(Steps steps, BundleMount mount) {
    if (trees.isHanded(mount)) {
      var handed = trees.take(steps, mount);
      attributes(steps, handed, mount);
      attach(steps, handed, mount);
      steps.close(handed);
      return;
    }
    var tree = steps.registers().number("tree");
    BundleTrees.openTree(steps, mount, tree);
    attributes(steps, tree, mount);
    attach(steps, tree, mount);
    BundleRootSteps.close(steps, tree);
  }

  private void fileSystem(Steps steps, BundleMount mount) {
    var asked = mount.attributes();
    long late = mount.copiesUp() ? asked.set() & Flags.MOUNT_ATTR_RDONLY : 0;
    var early =
        new MountAttributes(
            asked.set() & ~late, asked.cleared(), asked.setBelow(), asked.clearedBelow());
    var tree = make(steps, mount.type(), mount.source(), mount.parameters(), early);
    if (mount.copiesUp()) {
      copyUp(steps, tree, mount.destination());
      set(steps, tree, "making " + mount.destination() + " read-only", late, 0, 0, 0);
    }
    propagation(steps, tree, mount);
    attach(steps, tree, mount);
    BundleRootSteps.close(steps, tree);
  }

  /** What the root has there, while it is not covered. */
  private void copyUp(Steps steps, Register tree, String path) {
    var place = steps.registers().number("place");
    root.look(
        steps,
        place,
        path,
        root.directoryFlag(),
        OnError.allow(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP));
    steps.when(
        "where there is " + path,
        number(-1),
        Step.Test.LESS,
        result(place),
        inner -> {
          inner.add(
              new Step.CopyTree(
                  LaunchPlanner.note(inner, "copying what is in " + path),
                  result(place),
                  result(tree),
                  COPIED_LEVELS));
          BundleRootSteps.close(inner, place);
        });
  }

  /** A file system that is not mounted anywhere yet. */
  static Register make(
      Steps steps,
      String type,
      String source,
      List<String> parameters,
      MountAttributes attributes) {
    var context = steps.registers().number("context");
    steps.call(
        "opening the file system " + type,
        context,
        OnError.FAIL,
        Sys.FSOPEN,
        Operand.text(type),
        number(FSOPEN_CLOEXEC));
    if (!source.isEmpty()) {
      configure(steps, context, "source", source);
    }
    for (var parameter : parameters) {
      int equals = parameter.indexOf('=');
      if (equals < 0) {
        steps.call(
            "setting " + parameter + " of " + type,
            Sys.FSCONFIG,
            result(context),
            number(SET_FLAG),
            Operand.text(parameter),
            number(0),
            number(0));
      } else {
        configure(steps, context, parameter.substring(0, equals), parameter.substring(equals + 1));
      }
    }
    steps.call(
        "making the file system " + type,
        Sys.FSCONFIG,
        result(context),
        number(CREATE),
        number(0),
        number(0),
        number(0));
    var tree = steps.registers().number("tree");
    steps.call(
        "making a mount of " + type,
        tree,
        OnError.FAIL,
        Sys.FSMOUNT,
        result(context),
        number(FSMOUNT_CLOEXEC),
        Operand.number(attributes.set() | attributes.setBelow(), Notation.HEX));
    BundleRootSteps.close(steps, context);
    return tree;
  }

  private static void configure(Steps steps, Register context, String key, String value) {
    steps.call(
        "setting " + key + " to " + value,
        Sys.FSCONFIG,
        result(context),
        number(SET_STRING),
        Operand.text(key),
        Operand.text(value),
        number(0));
  }

  private static void attributes(Steps steps, Register tree, BundleMount mount) {
    var asked = mount.attributes();
    set(
        steps,
        tree,
        "setting the attributes of " + mount.destination(),
        asked.set(),
        asked.cleared(),
        0,
        0);
    set(
        steps,
        tree,
        "setting the attributes of all mounts of " + mount.destination(),
        asked.setBelow(),
        asked.clearedBelow(),
        0,
        Flags.AT_RECURSIVE);
    propagation(steps, tree, mount);
  }

  /** MS_REC is told by a flag of the call here. */
  private static void propagation(Steps steps, Register tree, BundleMount mount) {
    for (long propagation : mount.propagation()) {
      set(
          steps,
          tree,
          "setting what " + mount.destination() + " hears of other mounts",
          0,
          0,
          propagation & ~Flags.MS_REC,
          (propagation & Flags.MS_REC) != 0 ? Flags.AT_RECURSIVE : 0);
    }
  }

  /** struct mount_attr: attr_set, attr_clr, propagation, userns_fd. */
  private static void set(
      Steps steps,
      Register tree,
      String what,
      long set,
      long cleared,
      long propagation,
      long recursive) {
    if (set == 0 && cleared == 0 && propagation == 0) {
      return;
    }
    steps.call(
        what,
        Sys.MOUNT_SETATTR,
        result(tree),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH | recursive, Notation.AT),
        Operand.address(
            new Datum.Words(
                "attributes",
                List.of(
                    Operand.number(set, Notation.HEX),
                    Operand.number(cleared, Notation.HEX),
                    Operand.number(propagation, Notation.MOUNT),
                    number(0)))),
        number(32));
  }

  private void attach(Steps steps, Register tree, BundleMount mount) {
    String what = "mounting " + mount.source() + " on " + mount.destination();
    if (mount.file()) {
      var parent = root.directoryOfFile(steps, mount.destination());
      BundleRootSteps.refuseProc(steps, parent, mount.destination());
      move(steps, what, tree, parent, BundleRootSteps.name(mount.destination()), 0);
      BundleRootSteps.close(steps, parent);
      return;
    }
    var place = root.directory(steps, mount.destination());
    BundleRootSteps.refuseProc(steps, place, mount.destination());
    move(steps, what, tree, place, "", Flags.MOVE_MOUNT_T_EMPTY_PATH);
    BundleRootSteps.close(steps, place);
  }

  static void move(
      Steps steps, String what, Register tree, Register place, String name, long flags) {
    steps.call(
        what,
        Sys.MOVE_MOUNT,
        result(tree),
        Operand.text(""),
        result(place),
        Operand.text(name),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH | flags, Notation.MOVE_MOUNT));
  }

  private void remount(Steps steps, BundleMount mount) {
    var place = steps.registers().number("place");
    root.look(steps, place, mount.destination(), OpenFlags.O_PATH, OnError.FAIL);
    attributes(steps, place, mount);
    BundleRootSteps.close(steps, place);
  }

  /**
   * On v2 the container's own hierarchy; else a directory with those of v1 in which the container
   * has a group. Of others it would see the machine's.
   */
  private void controlGroups(Steps steps, BundleMount mount) {
    if (groups.onlyUnified()) {
      fileSystem(
          steps,
          new BundleMount(
              BundleMount.Kind.FILE_SYSTEM,
              "cgroup2",
              "cgroup2",
              mount.destination(),
              false,
              mount.attributes(),
              mount.propagation(),
              List.of(),
              false,
              mount.owners()));
      return;
    }
    var own = mount.attributes();
    long writable = own.set() & ~Flags.MOUNT_ATTR_RDONLY;
    var top =
        make(
            steps,
            "tmpfs",
            "tmpfs",
            List.of("mode=755", "size=64k"),
            new MountAttributes(writable, 0, 0, 0));
    var hold = steps.registers().number("groups");
    steps.add(new Step.Assign(LaunchPlanner.note(steps, "keeping its handle"), hold, result(top)));
    attach(steps, hold, mount);
    for (var shown : groups.shown()) {
      var tree = ownGroups ? hierarchy(steps, shown, own) : group(steps, shown, own);
      steps.call(
          "making the directory " + shown.name(),
          Sys.MKDIRAT,
          result(hold),
          Operand.text(shown.name()),
          Operand.number(0755, Notation.OCTAL));
      move(steps, "mounting the groups of " + shown.name(), tree, hold, shown.name(), 0);
      BundleRootSteps.close(steps, tree);
    }
    if ((own.set() & Flags.MOUNT_ATTR_RDONLY) != 0) {
      set(
          steps,
          hold,
          "making " + mount.destination() + " read-only",
          Flags.MOUNT_ATTR_RDONLY,
          0,
          0,
          0);
    }
    BundleRootSteps.close(steps, hold);
  }

  private static Register hierarchy(Steps steps, BundleGroups.Shown shown, MountAttributes own) {
    boolean core = shown.controllers().isEmpty();
    return make(steps, core ? "cgroup2" : "cgroup", "cgroup", shown.controllers(), own);
  }

  private static Register group(Steps steps, BundleGroups.Shown shown, MountAttributes own) {
    var tree = steps.registers().number("tree");
    steps.call(
        "opening " + shown.directory(),
        tree,
        OnError.FAIL,
        Sys.OPEN_TREE,
        Steps.cwd(),
        Operand.text(shown.directory()),
        Operand.number(Flags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC, Notation.OPEN_TREE));
    set(steps, tree, "setting its attributes", own.set(), 0, 0, 0);
    return tree;
  }
}
