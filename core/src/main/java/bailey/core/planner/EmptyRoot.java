package bailey.core.planner;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * By a copy of a mount namespace in which there is nothing but an empty directory ({@link
 * EmptyMountsPlanner}). The new root is mounted on that as the kernel mounts a machine's root on
 * its rootfs (Documentation/filesystems/ramfs-rootfs-initramfs.rst): who gets out of his root
 * directory by chroot(2) comes to the mount on top, which is the same root.
 *
 * <p>Nothing of the machine is ever mounted where the container could come to, its mounts are not
 * copied, and no task is looked at: pivot_root(2) looks at every one of the machine
 * (chroot_fs_refs() in fs/fs_struct.c).
 *
 * @param namespace a descriptor of it
 */
record EmptyRoot(Register namespace) implements RootChange {
  @Override
  public String place() {
    return EmptyMountsPlanner.ROOT;
  }

  @Override
  public void begin(Steps steps) {}

  /** A clone of a shared mount is its peer (mount_namespaces(7)). */
  @Override
  public void part(Steps steps, String path, Register tree) {
    var zero = Operand.number(0);
    steps.call(
        "keeping the mounts of " + path + " apart",
        Sys.MOUNT_SETATTR,
        Operand.result(tree),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH | Flags.AT_RECURSIVE, Notation.AT),
        Operand.address(
            new Datum.Words(
                "private mounts",
                List.of(zero, zero, Operand.number(Flags.MS_PRIVATE, Notation.MOUNT), zero))),
        Operand.number(32));
  }

  @Override
  public void openLower(Steps steps) {
    var tree =
        RootSteps.tree(
            steps, "opening /", "/", RootSteps.DETACHED_TREE & ~Flags.AT_RECURSIVE, "lower");
    part(steps, "/", tree);
  }

  @Override
  public void leave(Steps steps) {
    steps.because("mnt namespace");
    var kind = Operand.number(NamespaceKind.MNT.flag(), Notation.CLONE);
    steps.call("entering the empty mount namespace", Sys.SETNS, Operand.result(namespace), kind);
    steps.call("making one like it", Sys.UNSHARE, kind);
    steps.close(namespace);
  }

  @Override
  public String lower(Steps steps) {
    RootSteps.attach(
        steps,
        "mounting the machine's root",
        steps.registers().descriptor("lower"),
        EmptyMountsPlanner.LOWER);
    return EmptyMountsPlanner.LOWER;
  }

  /** The copy has a clone of its own (clone_private_mount() in fs/namespace.c). */
  @Override
  public void lowered(Steps steps) {
    EmptyMountsPlanner.letGo(steps, "letting go of the machine's root", EmptyMountsPlanner.LOWER);
  }

  @Override
  public void fresh(Steps steps, String name, String type, long flags, @Nullable String data) {
    String place = "/" + name;
    RootChange.mount(steps, name, type, place, flags, data);
    RootSteps.tree(steps, "opening " + place, place, OpenFlags.O_CLOEXEC, name);
  }

  @Override
  public void enter(Steps steps, String path, Register tree) {
    become(steps, path, tree, _ -> {});
  }

  @Override
  public void enterHere(Steps steps) {
    var tree = RootSteps.tree(steps, "opening the new root", ".", OpenFlags.O_CLOEXEC, "new root");
    become(
        steps,
        "/",
        tree,
        // what is below the copy is the copy's alone
        inner -> EmptyMountsPlanner.letGo(inner, "leaving its layers", EmptyMountsPlanner.ROOT));
  }

  private static void become(Steps steps, String path, Register tree, Consumer<Steps> between) {
    steps.because("mnt namespace");
    RootSteps.move(steps, "mounting the root directory " + path, tree, "/");
    steps.call("entering the root directory " + path, Sys.FCHDIR, Operand.result(tree));
    between.accept(steps);
    steps.call("changing the root", Sys.CHROOT, Operand.text("."));
    steps.close(tree);
    steps.call("entering the new root", Sys.CHDIR, Operand.text("/"));
  }
}
