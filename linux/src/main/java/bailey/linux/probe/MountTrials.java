package bailey.linux.probe;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trials of mounts, each in a mount namespace of its own. */
final class MountTrials {
  /** A directory that is there wherever bailey can run at all; covered by a tmpfs to work in. */
  private static final String PLACE = "/proc";

  private static final int MOUNT_ATTR_SIZE = 32; // struct mount_attr
  private static final long CLONE_FILES = 0x400; // linux/sched.h
  private static final int AGREED = 900; // a descriptor that is free in a child of the executor

  private final TrialPlans plans;

  MountTrials(TrialPlans plans) {
    this.plans = plans;
  }

  List<Trial> all() {
    var trials = new ArrayList<Trial>();
    trials.add(overlay());
    trials.add(overlayOfUser());
    trials.add(setAttributes());
    trials.add(moveMount());
    trials.add(idmapped());
    trials.add(
        fresh(
            "nested proc mount",
            "proc",
            Flags.CLONE_NEWPID,
            "a container's own /proc",
            "that no part of /proc is covered: run bailey outside of the outer container or give"
                + " it --proc=bind",
            null));
    trials.add(
        fresh(
            "sysfs mount",
            "sysfs",
            Flags.CLONE_NEWNET,
            "a container's own /sys",
            "that no part of /sys is covered",
            null));
    trials.add(
        fresh(
            "mqueue mount",
            "mqueue",
            Flags.CLONE_NEWIPC,
            "a container's own POSIX message queues",
            "a kernel with CONFIG_POSIX_MQUEUE",
            null));
    trials.add(
        fresh(
            "devpts newinstance",
            "devpts",
            0,
            "a container's own terminals",
            "a kernel with CONFIG_UNIX98_PTYS",
            "newinstance,ptmxmode=0666,mode=0620"));
    return trials;
  }

  private Trial fresh(
      String name,
      String type,
      long namespace,
      String use,
      String since,
      @Nullable String options) {
    return new Trial(
        name,
        use,
        since,
        plans.inside(
            name,
            Flags.CLONE_NEWNS | namespace,
            steps -> {
              alone(steps);
              long flags = Flags.MS_NOSUID | Flags.MS_NOEXEC;
              steps.mount("mounting " + type, type, PLACE, type, flags, options);
            }));
  }

  /** No mount made here may show outside. */
  private static void alone(Steps steps) {
    steps.mount("making mounts private", null, "/", null, Flags.MS_REC | Flags.MS_PRIVATE, null);
  }

  private static void place(Steps steps) {
    alone(steps);
    steps.mount("mounting a tmpfs", "tmpfs", PLACE, "tmpfs", 0, "size=1M");
  }

  private static void overlaySteps(Steps steps) {
    place(steps);
    for (var folder : List.of("lower", "upper", "work", "merged")) {
      steps.mkdir("making a folder", PLACE + "/" + folder, 0755, OnError.FAIL);
    }
    steps.mount(
        "mounting an overlay",
        "overlay",
        PLACE + "/merged",
        "overlay",
        0,
        "lowerdir=/proc/lower,upperdir=/proc/upper,workdir=/proc/work");
  }

  private Trial overlay() {
    return new Trial(
        "overlayfs",
        "a copy-on-write root: what a container writes to the host's files vanishes with it",
        "a kernel with CONFIG_OVERLAY_FS (modprobe overlay); without it use --root or --read-only",
        plans.inside("overlayfs", Flags.CLONE_NEWNS, MountTrials::overlaySteps));
  }

  private Trial overlayOfUser() {
    return new Trial(
        "overlayfs in a user namespace",
        "the same for containers of ordinary users and for --userns auto",
        "Linux 5.11",
        plans.asRootOfUserNamespace(
            "overlayfs in a user namespace", Flags.CLONE_NEWNS, MountTrials::overlaySteps));
  }

  private Trial setAttributes() {
    var attributes =
        new Datum.Words(
            "attributes",
            List.of(
                Operand.number(Flags.MOUNT_ATTR_RDONLY),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0)));
    return new Trial(
        "mount_setattr",
        "making a whole tree of mounts read-only at once",
        "Linux 5.12",
        plans.inside(
            "mount_setattr",
            Flags.CLONE_NEWNS,
            steps -> {
              place(steps);
              steps.call(
                  "setting attributes of a mount",
                  Sys.MOUNT_SETATTR,
                  Steps.cwd(),
                  Operand.text(PLACE),
                  Operand.number(Flags.AT_RECURSIVE, Notation.AT),
                  Operand.address(attributes),
                  Operand.number(MOUNT_ATTR_SIZE));
            }));
  }

  private Trial moveMount() {
    return new Trial(
        "open_tree, move_mount",
        "mounts that are made ready before they are put in their place",
        "Linux 5.2",
        plans.inside(
            "open_tree, move_mount",
            Flags.CLONE_NEWNS,
            steps -> {
              place(steps);
              var tree = clone(steps, PLACE);
              steps.call(
                  "moving a mount",
                  Sys.MOVE_MOUNT,
                  Operand.result(tree),
                  Operand.text(""),
                  Steps.cwd(),
                  Operand.text(PLACE),
                  Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
              steps.close(tree);
            }));
  }

  private static Register clone(Steps steps, String path) {
    var tree = steps.registers().descriptor("tree");
    steps.call(
        "cloning the mount of " + path,
        tree,
        OnError.FAIL,
        Sys.OPEN_TREE,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(Flags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC, Notation.OPEN_TREE));
    return tree;
  }

  /**
   * The owners of the host's root mapped as a user namespace maps them. That namespace is made by a
   * child that shares its descriptors, and leaves one of it at an agreed number.
   */
  private Trial idmapped() {
    return new Trial(
        "idmapped mounts of /",
        "--userns auto with the host's root: files keep their owners inside",
        "Linux 5.12 and a root file system that can (ext4, xfs, btrfs; overlay and tmpfs later)",
        plans.alone(
            "idmapped mounts",
            Flags.CLONE_NEWNS,
            steps -> {
              alone(steps);
              var status = steps.registers().number("status");
              plans.spawnAndReap(
                  steps, Flags.CLONE_NEWUSER | CLONE_FILES, status, this::leaveUserNamespace);
              steps.when(
                  "looking whether it could",
                  Operand.result(status),
                  Step.Test.DIFFERENT,
                  Operand.number(0),
                  failed -> failed.add(new Step.End(TrialPlans.note("ending"), Operand.number(1))));
              var tree = clone(steps, "/");
              var attributes =
                  new Datum.Words(
                      "attributes",
                      List.of(
                          Operand.number(Flags.MOUNT_ATTR_IDMAP),
                          Operand.number(0),
                          Operand.number(0),
                          Operand.number(AGREED, Notation.DESCRIPTOR)));
              steps.call(
                  "mapping the owners of /",
                  Sys.MOUNT_SETATTR,
                  Operand.result(tree),
                  Operand.text(""),
                  Operand.number(Flags.AT_EMPTY_PATH, Notation.AT),
                  Operand.address(attributes),
                  Operand.number(MOUNT_ATTR_SIZE));
              steps.close(tree);
            }));
  }

  private void leaveUserNamespace(Steps child) {
    plans.mapOwnIds(child);
    var namespace =
        child.open("opening a user namespace", Steps.cwd(), "/proc/self/ns/user", 0, "namespace");
    child.call(
        "leaving it to the parent",
        Sys.DUP3,
        Operand.result(namespace),
        Operand.number(AGREED, Notation.DESCRIPTOR),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
    child.close(namespace);
  }
}
