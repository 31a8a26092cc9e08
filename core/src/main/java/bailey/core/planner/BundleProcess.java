package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleHooks.Hook;
import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.bundle.BundleState;
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
import bailey.core.spec.NamespaceRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first process of a bundle's container: the user's program itself, with no process of bailey's
 * before it or beside it. The executor that starts it may end as soon as it is ready; whoever has
 * started that, or a subreaper above, becomes its parent and learns of its end.
 *
 * <p>They talk by three pipes. By the first it reports what went wrong; its execution closes it. By
 * the second it tells how far it is, a byte each time; by the third it is told to go on.
 */
final class BundleProcess {
  private final KernelFeatures features;
  private final BundleRequest request;
  private final BundleSpec spec;
  private final BundleStart start;
  private final BundleGroups groups;
  private final BundleStateSteps state;
  private final JoinSteps join;
  private final HookSteps hooks;
  private final Optional<IdentityMap> map;
  private final boolean entersUsers;
  private final BundleExecution execution;
  private @Nullable BundleTerminal terminal;
  private @Nullable Handover handover;
  private @Nullable Register relayed;
  private @Nullable Pipe reports;
  private @Nullable Pipe progress;
  private @Nullable Pipe go;
  private @Nullable Register pid;
  private @Nullable Register pidfd;

  BundleProcess(
      KernelFeatures features, BundleRequest request, BundleGroups groups, BundleStateSteps state) {
    this.features = features;
    this.request = request;
    this.spec = request.spec();
    this.start = request.start();
    this.groups = groups;
    this.state = state;
    this.hooks = new HookSteps(request.told());
    var joined = new EnumMap<NamespaceKind, String>(NamespaceKind.class);
    for (var kind : NamespaceKind.values()) {
      if (spec.namespace(kind) instanceof NamespaceRequest.Joined(String path)) {
        joined.put(kind, path);
      }
    }
    this.join = JoinSteps.ofFiles(features, joined);
    this.map = spec.isNew(NamespaceKind.USER) ? Optional.of(map(spec)) : Optional.empty();
    this.entersUsers = map.isPresent() || join.has(NamespaceKind.USER);
    this.execution =
        new BundleExecution(
            spec.process(),
            BundleExecution.attainable(features, entersUsers),
            groups(),
            start.preserved());
  }

  private IdentityMap map(BundleSpec spec) {
    return new IdentityMap(
        lines(spec.users()),
        lines(spec.groups()),
        !features.privileged()
            && !features.newuidmap().isEmpty()
            && !features.newgidmap().isEmpty()
            && spec.users().size() > 1,
        features.privileged() || spec.groups().size() > 1);
  }

  private static List<IdentityMap.Line> lines(List<bailey.core.bundle.IdRange> ranges) {
    return ranges.stream()
        .map(
            range ->
                new IdentityMap.Line(
                    (int) range.inside(), (int) range.outside(), (int) range.count()))
        .toList();
  }

  private CredentialSteps.Groups groups() {
    if (join.has(NamespaceKind.USER)) {
      return CredentialSteps.Groups.WHERE_ALLOWED;
    }
    return map.map(IdentityMap::setsGroups).orElse(features.surroundings().setsGroups())
        ? CredentialSteps.Groups.SET
        : CredentialSteps.Groups.KEPT;
  }

  Register pid() {
    return Objects.requireNonNull(pid);
  }

  Register pidfd() {
    return Objects.requireNonNull(pidfd);
  }

  /** The other side of its terminal, where the executor relays that. */
  @Nullable Register terminalOrNull() {
    return relayed;
  }

  // ---- the executor ----

  /** Opens what it takes from who starts it, while failing costs nothing. */
  void prepare(Steps steps) {
    if (start.attachment() == Attachment.CREATED) {
      // in a user namespace of its own the process may not come to them
      state.openFifo(steps, BundleState.START);
      state.openFifo(steps, BundleState.STARTED);
    }
    if (!spec.process().terminal()) {
      return;
    }
    if (start.consoleSocket().isPresent()) {
      terminal =
          BundleTerminal.of(
              BundleTerminal.connect(
                  steps, "--console-socket", start.consoleSocket().get(), "console socket"),
              spec.process().size());
    } else {
      steps.because("process.terminal");
      var pair = new Handover(steps);
      handover = pair;
      relayed = steps.registers().descriptor("terminal");
      terminal = BundleTerminal.of(pair.far(), spec.process().size());
    }
  }

  /** Starts it, up to where it has all that only who starts it can give. */
  void spawn(Steps steps) {
    steps.because("the start");
    var report = new Pipe(steps, "report");
    reports = report;
    progress = new Pipe(steps, "progress");
    go = new Pipe(steps, "go");
    boolean fresh = spec.isNew(NamespaceKind.TIME);
    if (join.isEmpty() && !fresh) {
      startDirectly(steps);
    } else {
      startByGuide(steps, report, fresh);
    }
    steps.because("the start");
    steps.close(pipe(progress).write());
    if (terminal != null) {
      steps.close(terminal.far());
    }
    groups.close(steps);
    if (start.attachment() == Attachment.CREATED) {
      steps.close(steps.registers().descriptor(BundleState.START));
      steps.close(steps.registers().descriptor(BundleState.STARTED));
    }
    state.recordFirst(steps, pid());
    map.ifPresent(
        ids -> {
          steps.because("user namespace");
          new MapSteps(features, ids).write(steps, pid());
        });
    if (entersUsers) {
      execution.credentials().rlimits(steps, pid());
      letGo(steps);
    }
    execution.credentials().oomScore(steps, pid());
  }

  private static Pipe pipe(@Nullable Pipe pipe) {
    return Objects.requireNonNull(pipe);
  }

  private long cloneFlags() {
    long flags = groups.bornInside() ? Flags.CLONE_INTO_CGROUP : 0;
    for (var kind : NamespaceKind.values()) {
      // cgroup: its root is the group at that moment, so after entering; time: see startByGuide()
      if (spec.isNew(kind) && kind != NamespaceKind.CGROUP && kind != NamespaceKind.TIME) {
        flags |= kind.flag();
      }
    }
    return flags;
  }

  private void startDirectly(Steps steps) {
    var space = new Datum.Space("pidfd", 4);
    var arguments = CloneArguments.of(cloneFlags(), space);
    groups.open(steps, arguments);
    steps.because("linux.namespaces");
    var process = steps.registers().number("pid");
    pid = process;
    var child = steps.inside(this::child);
    steps.add(
        new Step.Spawn(
            note(steps, "starting the first process"), "first process", arguments, process, child));
    var handle = steps.registers().descriptor("pidfd");
    pidfd = handle;
    steps.load("its pidfd", space, 0, 4, handle);
    steps.close(pipe(reports).write());
    steps.undo("ending the first process", undo -> FirstProcess.kill(undo, handle));
  }

  /** A time namespace takes children only, and its clocks can be set before the first one. */
  private void startByGuide(Steps steps, Pipe report, boolean fresh) {
    join.open(steps);
    steps.because("linux.namespaces");
    var guide = new GuideSteps(steps, report);
    var space = new Datum.Space("guide's pidfd", 4);
    long born = join.has(NamespaceKind.CGROUP) && groups.bornInside() ? Flags.CLONE_INTO_CGROUP : 0;
    var guides = CloneArguments.of(born, space);
    var arguments = CloneArguments.sibling("first process", cloneFlags() & ~born);
    groups.open(steps, born == 0 ? arguments : guides);
    guide.start(
        steps,
        guides,
        space,
        way -> {
          join.enter(way);
          if (fresh) {
            makeTime(way);
          }
          way.because("linux.namespaces");
          guide.spawn(way, "first process", arguments, this::child);
        });
    join.close(steps);
    pid = guide.await(steps);
    steps.because("the end of the container");
    pidfd = GuideSteps.handle(steps, "first process", pid());
  }

  private void makeTime(Steps steps) {
    steps.because("linux.timeOffsets");
    steps.call(
        "making a time namespace",
        Sys.UNSHARE,
        Operand.number(NamespaceKind.TIME.flag(), Notation.CLONE));
    if (!spec.clocks().isEmpty()) {
      CommandSteps.open(steps, "opening its own files in /proc", true);
      NamespaceFilePlanner.write(steps, "/proc/self/timens_offsets", spec.clocks());
      CommandSteps.open(steps, "keeping others out", false);
    }
  }

  private void letGo(Steps steps) {
    steps.call(
        "letting it go on", Sys.WRITE, result(pipe(go).write()), Operand.text("1"), number(1));
  }

  /** Until it tells that it is so far; what keeps it from that fails the plan. */
  private void awaitProgress(Steps steps, String what) {
    var size = steps.registers().number("size");
    steps.call(
        what,
        size,
        OnError.FAIL,
        Sys.READ,
        result(pipe(progress).read()),
        Operand.address(new Datum.Space("progress", 8)),
        number(1));
    steps.when(
        "where it ended",
        result(size),
        Step.Test.DIFFERENT,
        number(1),
        inner -> {
          inner.add(new Step.Handshake(note(inner, "hearing why"), result(pipe(reports).read())));
          inner.add(new Step.Fail(note(inner, what), number(-Errno.ESRCH.number())));
        });
  }

  /** Until it is ready to execute its program. */
  void awaitReady(Steps steps) {
    if (!spec.hooks().createRuntime().isEmpty()) {
      steps.because("hooks.createRuntime");
      awaitProgress(steps, "waiting for its mounts");
      hooks.run(
          steps, "createRuntime", spec.hooks().createRuntime(), "creating", result(pid()), true);
      letGo(steps);
    }
    if (listener()) {
      takeListener(steps);
    }
    steps.because("the start");
    awaitProgress(steps, "waiting until it is ready");
  }

  private boolean listener() {
    return spec.process().filter().flatMap(filter -> filter.listener()).isPresent();
  }

  /** It tells the number of the descriptor, which is taken from it (pidfd_getfd(2)). */
  private void takeListener(Steps steps) {
    steps.because("linux.seccomp.listenerPath");
    awaitProgress(steps, "waiting for its filter");
    var told = new Datum.Space("number of the listener", 8);
    var number = steps.registers().number("listener");
    steps.call(
        "reading which descriptor it is",
        Sys.READ,
        result(pipe(progress).read()),
        Operand.address(told),
        number(8));
    steps.load("its number", told, 0, 8, number);
    var taken = steps.registers().descriptor("taken listener");
    steps.call(
        "taking the descriptor",
        taken,
        OnError.FAIL,
        Sys.PIDFD_GETFD,
        result(pidfd()),
        result(number),
        number(0));
    SeccompListener.tell(
        steps,
        spec.process().filter().orElseThrow().listener().orElseThrow(),
        request.told(),
        pid(),
        taken);
    steps.close(taken);
    letGo(steps);
  }

  /** It is told to execute its program, and reported when it has. */
  void release(Steps steps) {
    steps.because("the start");
    letGo(steps);
    closeEnds(steps);
    steps.add(new Step.Await(note(steps, "waiting for the start"), result(pipe(reports).read())));
    steps.add(
        new Step.Handshake(note(steps, "waiting for the start"), result(pipe(reports).read())));
    steps.close(pipe(reports).read());
  }

  /** It is left to itself. */
  void leave(Steps steps) {
    closeEnds(steps);
    steps.close(pipe(reports).read());
  }

  private void closeEnds(Steps steps) {
    steps.close(pipe(progress).read());
    steps.close(pipe(go).read());
    steps.close(pipe(go).write());
  }

  /** Receives the other side of the terminal, where it is relayed. */
  void receiveTerminal(Steps steps) {
    if (handover == null || relayed == null) {
      return;
    }
    var received = relayed;
    steps.because("process.terminal");
    Handover.receive(steps, "receiving the terminal", handover.near(), List.of(received));
    steps.undo("closing the terminal", undo -> undo.close(received));
    steps.close(handover.near());
  }

  // ---- the process ----

  private void child(Steps steps) {
    steps.because("the start");
    steps.add(new Step.ReportTo(note(steps, "reporting failures"), result(pipe(reports).write())));
    CommandSteps.dieWithParent(steps);
    closeOthers(steps);
    groups.enter(steps);
    if (entersUsers) {
      awaitMap(steps);
    }
    steps.because("the start");
    // until it executes something nobody may trace it or open its memory (ptrace(2), prctl(2))
    CommandSteps.open(steps, "closing itself to others", false);
    CommandSteps.dieWithParent(steps);
    steps.call("leaving the session", Sys.SETSID);
    steps.call(
        "creating files with the modes that are asked for",
        Sys.UMASK,
        Operand.number(0, Notation.OCTAL));
    var kept = new ArrayList<Register>();
    kept.add(pipe(reports).write());
    kept.add(pipe(progress).write());
    kept.add(pipe(go).read());
    if (start.attachment() == Attachment.CREATED) {
      kept.add(steps.registers().descriptor(BundleState.START));
      kept.add(steps.registers().descriptor(BundleState.STARTED));
    }
    if (start.keyring()) {
      BundleCredentials.keyring(steps, request.id());
    }
    namespaces(steps);
    execution.credentials().schedule(steps);
    execution.credentials().label(steps);
    if (!entersUsers) {
      execution.credentials().rlimits(steps);
    }
    if (spec.isNew(NamespaceKind.MNT)) {
      root(steps);
    } else if (terminal != null) {
      openTerminal(steps, null);
    }
    steps.because("the start");
    CommandSteps.outliveParent(steps);
    execution.become(steps, terminal, kept, this::announceListener);
    awaitRelease(steps);
    runInside(steps, "startContainer", spec.hooks().startContainer(), "created");
    execution.execute(steps);
  }

  /** They are told its number as it is seen inside. */
  private void runInside(Steps steps, String when, List<Hook> programs, String status) {
    if (programs.isEmpty()) {
      return;
    }
    steps.because("hooks." + when);
    var own = steps.registers().number("own number");
    steps.call("asking for its own number", own, OnError.FAIL, Sys.GETPID);
    hooks.run(steps, when, programs, status, result(own), true);
  }

  private void closeOthers(Steps steps) {
    steps.close(pipe(reports).read());
    steps.close(pipe(progress).read());
    steps.close(pipe(go).write());
  }

  private void awaitMap(Steps steps) {
    steps.because("user namespace");
    awaitGo(steps, "waiting for the map of ids");
    if (groups() != CredentialSteps.Groups.KEPT) {
      steps.call(
          "leaving all groups", OnError.allow(Errno.EPERM), Sys.SETGROUPS, number(0), number(0));
    }
    var zero = number(0);
    steps.call("becoming group 0 inside", Sys.SETRESGID, zero, zero, zero);
    steps.call("becoming user 0 inside", Sys.SETRESUID, zero, zero, zero);
  }

  private void awaitGo(Steps steps, String what) {
    awaitByte(steps, what, pipe(go).read());
  }

  private static void awaitByte(Steps steps, String what, Register from) {
    var got = steps.registers().number("got");
    steps.call(
        what,
        got,
        OnError.FAIL,
        Sys.READ,
        result(from),
        Operand.address(new Datum.Space("byte", 8)),
        number(1));
    steps.when(
        "where nobody is there any more",
        result(got),
        Step.Test.DIFFERENT,
        number(1),
        inner -> inner.add(new Step.End(note(inner, "ending"), number(125))));
  }

  private void tell(Steps steps, String what) {
    steps.call(what, Sys.WRITE, result(pipe(progress).write()), Operand.text("1"), number(1));
  }

  /** What belongs to its namespaces, set while /proc is the machine's. */
  private void namespaces(Steps steps) {
    if (spec.isNew(NamespaceKind.CGROUP)) {
      steps.because("cgroup namespace");
      steps.call(
          "making a cgroup namespace",
          Sys.UNSHARE,
          Operand.number(NamespaceKind.CGROUP.flag(), Notation.CLONE));
    }
    if (spec.isNew(NamespaceKind.NET)) {
      NamespaceSteps.bringLoopbackUp(steps);
    }
    spec.hostname()
        .ifPresent(
            name -> {
              steps.because("hostname");
              NamespaceFilePlanner.writeSysctl(steps, "kernel/hostname", name);
            });
    spec.domainname()
        .ifPresent(
            name -> {
              steps.because("domainname");
              NamespaceFilePlanner.writeSysctl(steps, "kernel/domainname", name);
            });
    spec.sysctls()
        .forEach(
            (name, value) -> {
              steps.because("linux.sysctl");
              NamespaceFilePlanner.writeSysctl(steps, name, value);
            });
  }

  private void root(Steps steps) {
    var root = BundleRootSteps.attach(steps, spec.root());
    boolean bound = entersUsers || !features.machineRoot();
    var mounts = new BundleMountSteps(root, groups, spec.isNew(NamespaceKind.CGROUP));
    spec.mounts().forEach(mount -> mounts.mount(steps, mount));
    new BundleDevices(root, spec, bound).make(steps);
    if (terminal != null) {
      openTerminal(steps, root);
    }
    if (!spec.hooks().createRuntime().isEmpty()) {
      steps.because("hooks.createRuntime");
      tell(steps, "telling that the mounts are there");
      awaitGo(steps, "waiting for the hooks");
    }
    runInside(steps, "createContainer", spec.hooks().createContainer(), "creating");
    new BundlePaths(root, spec.paths()).protect(steps);
    directory(steps, root);
    root.enter(steps);
    root.protect(steps);
    BundleRootSteps.close(steps, root.directory());
  }

  /** A working directory that is not there is made. */
  private void directory(Steps steps, BundleRootSteps root) {
    if (!spec.process().directory().equals("/")) {
      steps.because("process.cwd");
      var place = root.directory(steps, spec.process().directory());
      BundleRootSteps.close(steps, place);
    }
  }

  private void openTerminal(Steps steps, @Nullable BundleRootSteps root) {
    var pty = Objects.requireNonNull(terminal);
    steps.because("process.terminal");
    var master = steps.registers().number("pty");
    if (root == null) {
      steps.call(
          "opening a pseudo-terminal",
          master,
          OnError.FAIL,
          Sys.OPENAT,
          Steps.cwd(),
          Operand.text("/dev/ptmx"),
          Operand.number(
              OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC, Notation.OPEN),
          number(0));
      pty.open(steps, master);
      return;
    }
    root.look(steps, master, "/dev/ptmx", OpenFlags.O_RDWR | OpenFlags.O_NOCTTY, OnError.FAIL);
    pty.open(steps, master);
    pty.console(steps, root);
  }

  /** After its filter is in force. */
  private void announceListener(Steps steps, Register listener) {
    steps.because("linux.seccomp.listenerPath");
    tell(steps, "telling that the filter is there");
    var told = new Datum.Space("listener", 8);
    steps.store("the number of the listener", told, 0, 8, result(listener));
    steps.call(
        "telling which descriptor it is",
        Sys.WRITE,
        result(pipe(progress).write()),
        Operand.address(told),
        number(8));
    awaitGo(steps, "waiting until it was taken");
    BundleRootSteps.close(steps, listener);
  }

  private void awaitRelease(Steps steps) {
    steps.because("the start");
    if (start.attachment() != Attachment.CREATED) {
      tell(steps, "telling that it is ready");
      awaitGo(steps, "waiting to be started");
      return;
    }
    var waiting = steps.registers().descriptor(BundleState.START);
    var answer = steps.registers().descriptor(BundleState.STARTED);
    tell(steps, "telling that it is ready");
    steps.add(new Step.ReportTo(note(steps, "reporting failures to start"), result(answer)));
    steps.close(pipe(reports).write());
    steps.close(pipe(progress).write());
    steps.close(pipe(go).read());
    steps.because("create: the process waits for start");
    awaitByte(steps, "waiting for start", waiting);
  }
}
