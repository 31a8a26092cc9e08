package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchRequest.Attachment;
import java.util.List;
import java.util.function.Predicate;

/** Makes a root directory that is a copy of the machine's, whose changes are in memory. */
final class RootCopySteps {
  private final LaunchRequest request;
  private final boolean ownUsers;
  private final boolean handedOver;
  private final KernelFeatures features;
  private final RootChange change;
  private final Predicate<String> leftOut;

  /**
   * For one container.
   *
   * @param ownUsers whether it gets to another user namespace
   * @param handedOver whether its parent hands over the machine's root for it
   * @param change how it becomes the root directory
   * @param leftOut which directories of the root are not copied, because something else comes there
   */
  RootCopySteps(
      LaunchRequest request,
      boolean ownUsers,
      boolean handedOver,
      KernelFeatures features,
      RootChange change,
      Predicate<String> leftOut) {
    this.request = request;
    this.ownUsers = ownUsers;
    this.handedOver = handedOver;
    this.features = features;
    this.change = change;
    this.leftOut = leftOut;
  }

  /**
   * overlayfs takes no lower directory below which a mount is locked, as all are that a user
   * namespace has got from its parent (fs/namespace.c, clone_private_mount). A privileged parent
   * hands over a root without them; else each directory of the root that has no mounts below is
   * copied on its own.
   */
  void make(Steps steps) {
    steps.because("default: the machine's root, copy-on-write");
    steps.mount(
        "mounting memory for what is written",
        "tmpfs",
        change.place(),
        "tmpfs",
        Flags.MS_NOSUID | Flags.MS_NODEV,
        "mode=0755");
    steps.call("entering " + change.place(), Sys.CHDIR, Operand.text(change.place()));
    if (tells()) {
      copied(steps, "all is copied so far", 0);
    }
    for (var directory : List.of("upper", "work", "root")) {
      steps.mkdir("making " + directory, directory, 0755, OnError.FAIL);
    }
    if (!ownUsers) {
      overlay(steps, change.lower(steps), "upper", "work", "root");
      change.lowered(steps);
    } else if (handedOver) {
      steps.mkdir("making lower", "lower", 0755, OnError.FAIL);
      RootSteps.attach(
          steps, "mounting the machine's root", steps.registers().descriptor("root"), "lower");
      overlay(steps, "lower", "upper", "work", "root");
    } else {
      copyByParts(steps);
    }
    steps.call("entering the copy of the root", Sys.CHDIR, Operand.text("root"));
    if (tells()) {
      steps.when(
          "where not all could be copied",
          Operand.result(uncopied(steps)),
          Step.Test.EQUAL,
          Operand.number(1),
          this::tell);
    }
  }

  /** Whether this is inside of another container. */
  private boolean deeper() {
    return features.surroundings().boundary() || !features.surroundings().machine();
  }

  private boolean inParts() {
    return ownUsers && !handedOver;
  }

  /** An ordinary user of the machine always has a root of which parts can only be read. */
  private boolean tells() {
    return deeper() && request.attachment() == Attachment.FOREGROUND;
  }

  private static void copied(Steps steps, String what, long not) {
    steps.add(
        new Step.Assign(
            new Step.Note(what, steps.because()), uncopied(steps), Operand.number(not)));
  }

  private static Register uncopied(Steps steps) {
    return steps.registers().number("not all copied");
  }

  private void tell(Steps steps) {
    String sentence =
        "bailey: in "
            + request.name()
            + " parts of the root can only be read: it is a copy of a copy, and the kernel stacks"
            + " no more; /tmp, /var/tmp and /run can be written, --bind and --tmpfs give more\n";
    steps.call(
        "telling that it can only be read",
        OnError.IGNORE,
        Sys.WRITE,
        Operand.number(2),
        Operand.text(sentence),
        Operand.number(KernelText.encode(sentence).length));
  }

  private void overlay(Steps steps, String lower, String upper, String work, String target) {
    boolean machine = features.surroundings().machine();
    String what = "mounting the copy of " + (lower.equals("lower") ? "/" : lower);
    String layers =
        "lowerdir="
            + lower
            + ",upperdir="
            + upper
            + ",workdir="
            + work
            + (ownUsers || !machine ? ",userxattr" : "");
    long flags = Flags.MS_NOSUID | Flags.MS_NODEV;
    if (!deeper() && !inParts()) {
      steps.mount(what, "overlay", target, "overlay", flags, layers);
      return;
    }
    var copied = steps.registers().number("copied");
    steps.call(
        what,
        copied,
        OnError.allow(Errno.EINVAL),
        Sys.MOUNT,
        Operand.text("overlay"),
        Operand.text(target),
        Operand.text("overlay"),
        Operand.number(flags, Notation.MOUNT),
        Operand.text(layers));
    steps.when(
        "where it cannot be copied",
        Operand.result(copied),
        Step.Test.LESS,
        Operand.number(0),
        inner -> {
          readOnlyRoot(inner, lower, target);
          if (tells()) {
            copied(inner, "not all is copied", 1);
          }
        });
  }

  /**
   * In a container of a container: overlays may lie on one another twice only
   * (FILESYSTEM_MAX_STACK_DEPTH, include/linux/fs.h), and not on what has locked mounts in it.
   * Deeper down the root is that of the container outside, to read; memory is mounted on /tmp,
   * /var/tmp and /run as always.
   */
  private static void readOnlyRoot(Steps steps, String lower, String target) {
    boolean whole = lower.equals("/") || lower.equals("lower");
    long recursive = whole ? 0 : Flags.MS_REC;
    steps.mount(
        "mounting " + lower + " itself", lower, target, null, Flags.MS_BIND | recursive, null);
    steps.call(
        "making it read-only",
        Sys.MOUNT_SETATTR,
        Steps.cwd(),
        Operand.text(target),
        Operand.number(whole ? 0 : Flags.AT_RECURSIVE, Notation.AT),
        Operand.address(
            RootSteps.attributes(
                Flags.MOUNT_ATTR_RDONLY | Flags.MOUNT_ATTR_NOSUID | Flags.MOUNT_ATTR_NODEV)),
        Operand.number(32));
  }

  private void copyByParts(Steps steps) {
    steps.mount("making the new root a mount", "root", "root", null, Flags.MS_BIND, null);
    for (var part : request.host().top()) {
      String path = "/" + part.name();
      if (RootSteps.isBelow(path, RootSteps.OWN)) {
        steps.mkdir("making " + path, "root" + path, 0755, OnError.FAIL);
      } else if (part.link().isPresent()) {
        steps.call(
            "linking " + path,
            Sys.SYMLINKAT,
            Operand.text(part.link().get()),
            Steps.cwd(),
            Operand.text("root" + path));
      } else if (part.directory()) {
        copyPart(steps, path, part.name());
      }
    }
  }

  private void copyPart(Steps steps, String path, String name) {
    steps.mkdir("making " + path, "root" + path, 0755, OnError.FAIL);
    if (leftOut.test(path)) {
      return;
    }
    for (var directory : List.of("upper/", "work/")) {
      steps.mkdir("making " + directory + name, directory + name, 0755, OnError.FAIL);
    }
    overlay(steps, path, "upper/" + name, "work/" + name, "root" + path);
  }
}
