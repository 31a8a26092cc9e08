package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * New namespaces of a boundary that belong to the outside's user namespace and not to its own.
 *
 * <p>The settings of an ipc namespace obey user 0 of the user namespace that it belongs to
 * (ipc_permissions() in ipc/ipc_sysctl.c), and the root of a boundary can mount a proc to write
 * them by: so they are limits only where he is somebody else.
 */
final class OuterNamespaces {
  private static final long FSCONFIG_CMD_CREATE = 6;

  private final EnumSet<NamespaceKind> kinds = EnumSet.noneOf(NamespaceKind.class);
  private @Nullable Register queues;

  /**
   * For one container.
   *
   * @param ownUsers whether it gets a user namespace of its own
   * @param namespaces which of its namespaces are new
   */
  OuterNamespaces(
      KernelFeatures features, ContainerSpec spec, boolean ownUsers, NamespaceSteps namespaces) {
    if (features.privileged()
        && spec.boundary()
        && ownUsers
        && namespaces.areNew(NamespaceKind.IPC)) {
      kinds.add(NamespaceKind.IPC);
    }
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return kinds.isEmpty();
  }

  /** Flags of a clone that does not make them. */
  long without(long cloneFlags) {
    long flags = cloneFlags;
    for (var kind : kinds) {
      flags &= ~kind.flag();
    }
    return flags;
  }

  /** In a process outside, which starts the first one. */
  void make(Steps steps, SettingSteps settings) {
    if (kinds.isEmpty()) {
      return;
    }
    steps.because("--boundary: limits of ipc");
    steps.call(
        "making its ipc namespace, which is not its own root's",
        Sys.UNSHARE,
        Operand.number(NamespaceKind.IPC.flag(), Notation.CLONE));
    makeQueues(steps);
    settings.write(steps, kinds);
  }

  /** Only who the namespace belongs to may mount its queues (mqueue_init_fs_context()). */
  private void makeQueues(Steps steps) {
    var context = steps.registers().number("context of mqueue");
    var tree = steps.registers().number("mqueue");
    queues = tree;
    steps.add(new Step.Assign(note(steps, "no queues yet"), tree, number(-1)));
    steps.call(
        "opening mqueue",
        context,
        OnError.allow(Errno.ENODEV), // the kernel may be built without
        Sys.FSOPEN,
        Operand.text("mqueue"),
        number(1)); // FSOPEN_CLOEXEC
    steps.when(
        "where the kernel has it",
        number(-1),
        Step.Test.LESS,
        result(context),
        inner -> {
          var zero = number(0);
          inner.call(
              "making an mqueue file system",
              Sys.FSCONFIG,
              result(context),
              number(FSCONFIG_CMD_CREATE),
              zero,
              zero,
              zero);
          inner.call(
              "making a mount of it",
              tree,
              OnError.FAIL,
              Sys.FSMOUNT,
              result(context),
              number(1), // FSMOUNT_CLOEXEC
              number(Flags.MOUNT_ATTR_NOSUID | Flags.MOUNT_ATTR_NODEV | Flags.MOUNT_ATTR_NOEXEC));
          inner.call("closing its context", Sys.CLOSE, result(context));
        });
  }

  private static Step.Note note(Steps steps, String what) {
    return new Step.Note(what, steps.because());
  }

  /** In the first process: the settings of all others. */
  void writeOthers(Steps steps, SettingSteps settings) {
    settings.write(steps, EnumSet.complementOf(kinds));
  }

  /** In the first process, in the directory where {@code mqueue} is: mounts the queues, if any. */
  void mountQueues(Steps steps) {
    var tree = queues;
    if (tree == null) {
      return;
    }
    steps.when(
        "where there are queues",
        number(-1),
        Step.Test.LESS,
        result(tree),
        inner -> {
          inner.call(
              "mounting mqueue on /dev/mqueue",
              Sys.MOVE_MOUNT,
              result(tree),
              Operand.text(""),
              Steps.cwd(),
              Operand.text("mqueue"),
              Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
          inner.call("closing mqueue", Sys.CLOSE, result(tree));
        });
  }
}
