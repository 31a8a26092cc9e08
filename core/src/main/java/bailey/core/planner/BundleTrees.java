package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleMount;
import bailey.core.bundle.BundleMount.OwnerMap;
import bailey.core.bundle.BundleSpec;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trees of the machine that who starts a bundle's container opens for it: those that a process in
 * another user namespace may not come to, and those whose owners are mapped (mount_setattr(2),
 * MOUNT_ATTR_IDMAP, Linux 5.12), which only he may do.
 */
final class BundleTrees {
  private final KernelFeatures features;
  private final boolean spreads;
  private final Set<BundleMount> handed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<BundleMount> inOrder = new ArrayList<>();
  private @Nullable Handover handover;

  BundleTrees(KernelFeatures features, BundleSpec spec, BundleIds ids) {
    this.features = features;
    this.spreads = spec.root().propagation() != 0;
    boolean all = ids.entersUsers() && features.privileged();
    for (var mount : spec.mounts()) {
      if (spec.isNew(NamespaceKind.MNT) && mount.isBind() && (all || mount.owners().isPresent())) {
        handed.add(mount);
        inOrder.add(mount);
      }
    }
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return handed.isEmpty();
  }

  /** Whether the process gets the tree of a mount; else it opens that itself. */
  boolean isHanded(BundleMount mount) {
    return handed.contains(mount);
  }

  /** They go by these sockets, in the order of the mounts. */
  void by(Handover sockets) {
    handover = sockets;
  }

  private Handover handover() {
    return Objects.requireNonNull(handover);
  }

  private static Register register(Steps steps) {
    return steps.registers().descriptor("tree of the machine");
  }

  // ---- in who starts it ----

  /**
   * Opens one after the other, and gives them to the process, which must be on its way to them: it
   * may have to take some before there is room for more. Where it has ended, it is heard why when
   * it is asked how far it is.
   *
   * @param process whose user namespace tells whose files are whose, where a mount does not
   */
  void handOver(Steps steps, Register process) {
    for (var mount : inOrder) {
      var tree = register(steps);
      open(steps, mount, tree, process);
      Handover.send(
          steps,
          "handing the tree to the process",
          handover().near(),
          List.of(tree),
          OnError.allow(Errno.EPIPE, Errno.ECONNRESET));
      steps.close(tree);
    }
  }

  private static long recursive(BundleMount mount) {
    return mount.kind() == BundleMount.Kind.BIND_TREE ? Flags.AT_RECURSIVE : 0;
  }

  /** Opens what a bind mount shows, as a tree that is mounted nowhere. */
  static void openTree(Steps steps, BundleMount mount, Register tree) {
    steps.call(
        "opening " + mount.source(),
        tree,
        OnError.FAIL,
        Sys.OPEN_TREE,
        Steps.cwd(),
        Operand.text(mount.source()),
        Operand.number(
            Flags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | recursive(mount), Notation.OPEN_TREE));
  }

  private void open(Steps steps, BundleMount mount, Register tree, Register process) {
    steps.because("mounts: " + mount.destination());
    long recursive = recursive(mount);
    openTree(steps, mount, tree);
    if (!spreads) {
      // as all mounts of the container do that it has from the machine
      set(steps, tree, "having it only hear of other mounts", 0, Flags.MS_SLAVE, recursive, null);
    }
    mount
        .owners()
        .ifPresent(
            owners -> {
              var namespace = namespace(steps, owners, process);
              set(
                  steps,
                  tree,
                  "mapping the owners of " + mount.source(),
                  Flags.MOUNT_ATTR_IDMAP,
                  0,
                  owners.recursive() ? Flags.AT_RECURSIVE : 0,
                  namespace);
              steps.close(namespace);
            });
  }

  /** struct mount_attr: attr_set, attr_clr, propagation, userns_fd. */
  private static void set(
      Steps steps,
      Register tree,
      String what,
      long attributes,
      long propagation,
      long recursive,
      @Nullable Register namespace) {
    var words =
        new Datum.Words(
            "attributes",
            List.of(
                Operand.number(attributes, Notation.HEX),
                number(0),
                Operand.number(propagation, Notation.MOUNT),
                number(0)));
    if (namespace != null) {
      steps.store("the user namespace", words, 24, 8, result(namespace));
    }
    steps.call(
        what,
        Sys.MOUNT_SETATTR,
        result(tree),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH | recursive, Notation.AT),
        Operand.address(words),
        number(32));
  }

  /** That of the container, or one that has no other use than to have that map. */
  private Register namespace(Steps steps, OwnerMap owners, Register process) {
    if (owners.users().isEmpty()) {
      return RootSteps.userNamespace(steps, process);
    }
    var waiting = new Pipe(steps, "owners");
    var pidfdSpace = new Datum.Space("owners' pidfd", 4);
    var holder = steps.registers().number("owners");
    var child =
        steps.inside(
            inner -> {
              CommandSteps.dieWithParent(inner);
              inner.close(waiting.write());
              BundleChannels.awaitByte(inner, "waiting until it is not needed", waiting.read());
              inner.add(new Step.End(note(inner, "ending"), number(0)));
            });
    steps.add(
        new Step.Spawn(
            note(steps, "making a user namespace for the owners"),
            "holder of a user namespace",
            CloneArguments.of(NamespaceKind.USER.flag(), pidfdSpace),
            holder,
            child));
    var pidfd = steps.registers().descriptor("owners' pidfd");
    steps.load("its pidfd", pidfdSpace, 0, 4, pidfd);
    new MapSteps(
            features,
            new IdentityMap(
                BundleIds.lines(owners.users()), BundleIds.lines(owners.groups()), false, true))
        .write(steps, holder);
    var namespace = RootSteps.userNamespace(steps, holder);
    steps.close(waiting.write());
    steps.close(waiting.read());
    steps.add(
        new Step.Reap(
            note(steps, "reaping its holder"),
            result(pidfd),
            steps.registers().number("holder's status")));
    steps.close(pidfd);
    return namespace;
  }

  // ---- in the process ----

  /** Takes that of a mount; those before it must have been taken. */
  Register take(Steps steps, BundleMount mount) {
    steps.because("mounts: " + mount.destination());
    var tree = register(steps);
    Handover.receive(steps, "taking the tree from who starts it", handover().far(), List.of(tree));
    return tree;
  }
}
