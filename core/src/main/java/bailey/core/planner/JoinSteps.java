package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Entering the namespaces of a process that runs (setns(2)).
 *
 * <p>They are opened below one handle of its directory in /proc, which stays that of this process,
 * and each is compared with the number that it had when the plan was made: a process that got the
 * number of one that ended has others.
 *
 * <p>Who has privileges over all of them enters the user namespace last: before it he may enter
 * also those that it does not own, such as the machine's network. Who has none gets them by
 * entering it first.
 */
final class JoinSteps {
  private static final long STATX_INO = 0x100;
  private static final int STATX_SIZE = 256;
  private static final int STX_INO = 32;

  private final long pid;
  private final Map<NamespaceKind, Long> inodes;
  private final List<NamespaceKind> order;
  private final Map<NamespaceKind, Register> open = new EnumMap<>(NamespaceKind.class);

  /**
   * The namespaces of a process.
   *
   * @param pid of the process
   * @param inodes the number of each namespace that is to be entered
   */
  JoinSteps(KernelFeatures features, long pid, Map<NamespaceKind, Long> inodes) {
    this.pid = pid;
    this.inodes = Map.copyOf(inodes);
    var kinds = new ArrayList<>(List.of(NamespaceKind.values()));
    kinds.remove(NamespaceKind.USER);
    if (features.privileged()) {
      kinds.addLast(NamespaceKind.USER);
    } else {
      kinds.addFirst(NamespaceKind.USER);
    }
    kinds.removeIf(kind -> !inodes.containsKey(kind));
    this.order = List.copyOf(kinds);
  }

  /** Whether that namespace is to be entered. */
  boolean has(NamespaceKind kind) {
    return inodes.containsKey(kind);
  }

  /** Opens them. */
  void open(Steps steps) {
    if (order.isEmpty()) {
      return;
    }
    var process =
        steps.open(
            "looking for process " + pid, Steps.cwd(), "/proc/" + pid, OpenFlags.O_PATH, "process");
    for (var kind : order) {
      var file =
          steps.open(
              "opening the " + kind.file() + " namespace of process " + pid,
              Operand.result(process),
              "ns/" + kind.fileForChildren(),
              0,
              "namespace " + kind.file());
      open.put(kind, file);
      check(steps, kind, file);
    }
    steps.close(process);
  }

  private void check(Steps steps, NamespaceKind kind, Register file) {
    var status = new Datum.Space("status of the namespace", STATX_SIZE);
    steps.call(
        "reading the number of the " + kind.file() + " namespace",
        Sys.STATX,
        Operand.result(file),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH, Notation.AT),
        Operand.number(STATX_INO, Notation.HEX),
        Operand.address(status));
    var inode = steps.registers().number("inode");
    steps.load("its number", status, STX_INO, 8, inode);
    steps.when(
        "where it is another's",
        Operand.result(inode),
        Step.Test.DIFFERENT,
        Operand.number(inodes.getOrDefault(kind, 0L)),
        inner ->
            inner.add(
                new Step.Fail(
                    new Step.Note("looking for process " + pid, inner.because()),
                    Operand.number(-Errno.ESRCH.number()))));
  }

  /** In a child: enters them. The pid and time namespaces take its children only. */
  void enter(Steps steps) {
    for (var kind : order) {
      var file = open.get(kind);
      if (file == null) {
        throw new IllegalStateException("open() comes first");
      }
      steps.call(
          "entering the " + kind.file() + " namespace",
          Sys.SETNS,
          Operand.result(file),
          Operand.number(kind.flag(), Notation.CLONE));
      steps.close(file);
    }
  }

  /** In the parent: closes them. */
  void close(Steps steps) {
    order.forEach(kind -> steps.close(Objects.requireNonNull(open.get(kind))));
  }
}
