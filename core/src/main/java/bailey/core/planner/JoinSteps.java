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
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Entering namespaces that are there (setns(2)): those of a process that runs, or those behind
 * files.
 *
 * <p>All are opened before the first is entered: with another mount namespace the paths of the
 * others would lead elsewhere. Those of a process are opened below one handle of its directory in
 * /proc, which stays that of this process, and each is compared with the number that it had when
 * the plan was made: a process that got the number of one that ended has others.
 *
 * <p>Who has privileges over all of them enters the user namespace last: before it he may enter
 * also those that it does not own, such as the machine's network. Who has none gets them by
 * entering it first.
 */
final class JoinSteps {
  private static final long STATX_INO = 0x100;
  private static final int STATX_SIZE = 256;
  private static final int STX_INO = 32;

  /** How one is opened, and what for. */
  private sealed interface Source {
    /** Of the process, where it had this number. */
    record Numbered(long inode) implements Source {}

    /** Behind a file. */
    record File(String path, String because) implements Source {}
  }

  private final long pid;
  private final Map<NamespaceKind, Source> sources;
  private final List<NamespaceKind> order;
  private final Map<NamespaceKind, Register> open = new EnumMap<>(NamespaceKind.class);

  private JoinSteps(KernelFeatures features, long pid, Map<NamespaceKind, Source> sources) {
    this.pid = pid;
    this.sources = Map.copyOf(sources);
    var kinds = new ArrayList<>(List.of(NamespaceKind.values()));
    kinds.remove(NamespaceKind.USER);
    if (features.privileged()) {
      kinds.addLast(NamespaceKind.USER);
    } else {
      kinds.addFirst(NamespaceKind.USER);
    }
    kinds.removeIf(kind -> !sources.containsKey(kind));
    this.order = List.copyOf(kinds);
  }

  /**
   * The namespaces of a process.
   *
   * @param pid of the process
   * @param inodes the number of each namespace that is to be entered
   */
  static JoinSteps ofProcess(KernelFeatures features, long pid, Map<NamespaceKind, Long> inodes) {
    var sources = new EnumMap<NamespaceKind, Source>(NamespaceKind.class);
    inodes.forEach((kind, inode) -> sources.put(kind, new Source.Numbered(inode)));
    return new JoinSteps(features, pid, sources);
  }

  /** The namespace behind a file, for its control files. */
  static JoinSteps ofFile(KernelFeatures features, NamespaceKind kind, String path) {
    return new JoinSteps(
        features, 0, Map.of(kind, new Source.File(path, NamespaceFilePlanner.CONTROL_FILES)));
  }

  /** The namespaces that a container is to join. */
  static JoinSteps ofRequest(KernelFeatures features, ContainerSpec spec) {
    var sources = new EnumMap<NamespaceKind, Source>(NamespaceKind.class);
    for (var kind : NamespaceKind.values()) {
      if (spec.namespace(kind) instanceof NamespaceRequest.Joined(String path)) {
        sources.put(kind, new Source.File(path, "--join " + kind.file() + "=" + path));
      }
    }
    return new JoinSteps(features, 0, sources);
  }

  /** The namespaces behind files, which a bundle's container is to join. */
  static JoinSteps ofFiles(KernelFeatures features, Map<NamespaceKind, String> paths) {
    var sources = new EnumMap<NamespaceKind, Source>(NamespaceKind.class);
    paths.forEach(
        (kind, path) -> sources.put(kind, new Source.File(path, "linux.namespaces: " + path)));
    return new JoinSteps(features, 0, sources);
  }

  /**
   * The namespaces of a process, and others.
   *
   * @param inodes the number of each namespace of the process that is to be entered
   * @param files the file of each other one
   */
  static JoinSteps of(
      KernelFeatures features,
      long pid,
      Map<NamespaceKind, Long> inodes,
      Map<NamespaceKind, String> files) {
    var sources = new EnumMap<NamespaceKind, Source>(NamespaceKind.class);
    inodes.forEach((kind, inode) -> sources.put(kind, new Source.Numbered(inode)));
    files.forEach((kind, path) -> sources.put(kind, new Source.File(path, "enter: entering")));
    return new JoinSteps(features, pid, sources);
  }

  /** Whether that namespace is to be entered. */
  boolean has(NamespaceKind kind) {
    return sources.containsKey(kind);
  }

  /** Whether there is none to be entered. */
  boolean isEmpty() {
    return order.isEmpty();
  }

  /** Opens them. */
  void open(Steps steps) {
    if (sources.values().stream().anyMatch(Source.Numbered.class::isInstance)) {
      steps.close(openWithProcess(steps));
    }
    for (var kind : order) {
      if (sources.get(kind) instanceof Source.File(String path, String because)) {
        steps.because(because);
        // opening a FIFO would wait for whoever writes to it
        open.put(
            kind,
            steps.open(
                "opening the namespace " + path,
                Steps.cwd(),
                path,
                OpenFlags.O_NONBLOCK,
                "joined " + kind.file()));
      }
    }
  }

  /**
   * Opens those of a process, and keeps a handle of its directory in /proc, which is of no other.
   */
  Register openWithProcess(Steps steps) {
    var process =
        steps.open(
            "looking for process " + pid, Steps.cwd(), "/proc/" + pid, OpenFlags.O_PATH, "process");
    for (var kind : order) {
      if (sources.get(kind) instanceof Source.Numbered(long inode)) {
        var file =
            steps.open(
                "opening the " + kind.file() + " namespace of process " + pid,
                Operand.result(process),
                "ns/" + kind.fileForChildren(),
                0,
                "namespace " + kind.file());
        open.put(kind, file);
        check(steps, kind, file, inode);
      }
    }
    return process;
  }

  private void check(Steps steps, NamespaceKind kind, Register file, long number) {
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
        Operand.number(number),
        inner ->
            inner.add(
                new Step.Fail(
                    new Step.Note("looking for process " + pid, inner.because()),
                    Operand.number(-Errno.ESRCH.number()))));
  }

  /** What is open for that, when {@link #open} has been. */
  List<Register> files() {
    return order.stream().map(kind -> Objects.requireNonNull(open.get(kind))).toList();
  }

  /** In a child: enters them. The pid and time namespaces take its children only. */
  void enter(Steps steps) {
    for (var kind : order) {
      var file = open.get(kind);
      if (file == null) {
        throw new IllegalStateException("open() comes first");
      }
      String what = "entering the " + kind.file() + " namespace";
      if (sources.get(kind) instanceof Source.File(String path, String because)) {
        steps.because(because);
        what += " " + path;
      }
      steps.call(
          what, Sys.SETNS, Operand.result(file), Operand.number(kind.flag(), Notation.CLONE));
      steps.close(file);
    }
  }

  /** In the parent: closes them. */
  void close(Steps steps) {
    order.forEach(kind -> steps.close(Objects.requireNonNull(open.get(kind))));
  }
}
