package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.planner.LaunchRequest.Attachment;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first process of a container, from the clone that makes its namespaces to the execution of
 * the command, and what its parent does meanwhile.
 *
 * <p>With a process 1 of bailey's own the command is its child: process 1 reaps orphans and
 * forwards signals, and neither of them keeps any privilege that the command has not. The parent
 * learns of the start by a pipe that the execution closes, and of the command's wait status by
 * another one.
 */
final class FirstProcess {
  private static final int SIGKILL = 9;

  private final KernelFeatures features;
  private final LaunchRequest request;
  private final ContainerSpec spec;
  private final CgroupSteps cgroups;
  private final List<Register> stdio;
  private final RootChange change;
  private final Optional<IdentityMap> map;
  private final boolean entersUsers;
  private final NamespaceSteps namespaces;
  private final JoinSteps join;
  private final SettingSteps settings;
  private final OuterNamespaces outer;
  private final CredentialSteps credentials;
  private final CommandSteps commands;
  private final RootSteps root;
  private final KernelMountSteps kernelMounts;
  private final ViewSteps views;
  private @Nullable TerminalSteps terminal;
  private @Nullable Handover handover;
  private @Nullable Register pid;
  private @Nullable Register pidfd;
  private @Nullable Pipe reports;
  private @Nullable Pipe statuses;

  FirstProcess(
      KernelFeatures features,
      CredentialSteps.Filters filters,
      LaunchRequest request,
      CgroupSteps cgroups,
      List<Register> stdio,
      RootChange change) {
    this.features = features;
    this.request = request;
    this.spec = request.spec();
    this.cgroups = cgroups;
    this.stdio = stdio;
    this.change = change;
    this.map = IdentityMap.of(features, spec, request.userBase());
    this.namespaces = new NamespaceSteps(spec, request.name(), map.isPresent());
    this.settings =
        new SettingSteps(features, spec, namespaces, request.state().file(StateFiles.NAMESPACES));
    this.join = JoinSteps.ofRequest(features, spec);
    this.outer = new OuterNamespaces(features, spec, map.isPresent(), namespaces);
    this.entersUsers = map.isPresent() || join.has(NamespaceKind.USER);
    this.credentials =
        new CredentialSteps(
            spec, IdentityMap.groups(map, spec, features.surroundings().setsGroups()), filters);
    this.commands = new CommandSteps(spec, credentials);
    this.root = new RootSteps(request, entersUsers, features, change);
    this.views = new ViewSteps(request.view());
    this.kernelMounts =
        new KernelMountSteps(
            spec,
            cgroups.placement(),
            entersUsers || !features.surroundings().machine(),
            map.isPresent(),
            features.privileged(),
            mapsTtyGroup(),
            outer,
            change);
  }

  /** Of a user namespace that it joins nobody knows. */
  private boolean mapsTtyGroup() {
    return !join.has(NamespaceKind.USER)
        && IdentityMap.maps(map, features.surroundings().groups(), 5);
  }

  /** Whether the end of the first process is the end of all, by its pid namespace. */
  boolean ownsPids() {
    return namespaces.areNew(NamespaceKind.PID);
  }

  Register pid() {
    return Objects.requireNonNull(pid);
  }

  Register pidfd() {
    return Objects.requireNonNull(pidfd);
  }

  @Nullable Register terminalOrNull() {
    return terminal == null ? null : terminal.master();
  }

  // ---- the parent ----

  void spawn(Steps steps) {
    steps.because("the start");
    var reportPipe = new Pipe(steps, "report");
    reports = reportPipe;
    Pipe statusPipe = null;
    if (namespaces.fork()) {
      statusPipe = new Pipe(steps, "status");
      statuses = statusPipe;
    }
    Pipe go = entersUsers ? new Pipe(steps, "go") : null;
    if (spec.terminal() || root.needsHandles()) {
      var pair = new Handover(steps);
      handover = pair;
      terminal = spec.terminal() ? new TerminalSteps(steps, spec, pair) : null;
    }
    views.open(steps);
    // the flag is set with the field of the group, both known only after the group is open
    long kinds = outer.without(namespaces.cloneFlags());
    long flags =
        (change instanceof EmptyRoot ? kinds & ~NamespaceKind.MNT.flag() : kinds)
            | (cgroups.bornInside() ? Flags.CLONE_INTO_CGROUP : 0);
    if (join.isEmpty() && outer.isEmpty()) {
      start(steps, flags, inner -> child(inner, reportPipe, statuses, go));
      steps.because("the start");
      steps.close(reportPipe.write());
    } else {
      startByGuide(steps, flags, reportPipe, inner -> child(inner, reportPipe, statuses, go));
    }
    steps.because("the start");
    if (statusPipe != null) {
      steps.close(statusPipe.write());
    }
    if (handover != null) {
      steps.close(handover.far());
    }
    views.close(steps);
    cgroups.close(steps);
    if (go != null) {
      map(steps, go, pid());
    }
  }

  private void start(Steps steps, long flags, Consumer<Steps> inside) {
    var pidfdSpace = new Datum.Space("pidfd", 4);
    var arguments = CloneArguments.of(flags, pidfdSpace);
    cgroups.open(steps, arguments);
    steps.because("namespaces: " + namespaces);
    var process = steps.registers().number("pid");
    pid = process;
    var child = steps.inside(inside);
    steps.add(
        new Step.Spawn(
            note(steps, "starting the first process"), "first process", arguments, process, child));
    var fd = steps.registers().descriptor("pidfd");
    pidfd = fd;
    steps.load("its pidfd", pidfdSpace, 0, 4, fd);
    steps.because("the end of the container");
    steps.undo("ending the first process", undo -> kill(undo, fd));
  }

  /**
   * What it joins comes first: out of a user namespace of its own it could not enter others. So
   * does what is not to belong to that.
   */
  private void startByGuide(Steps steps, long flags, Pipe reportPipe, Consumer<Steps> inside) {
    join.open(steps);
    steps.because(join.isEmpty() ? "the start" : "--join");
    var guide = new GuideSteps(steps, reportPipe);
    var pidfdSpace = new Datum.Space("guide's pidfd", 4);
    // who has entered a cgroup namespace goes to no group that it does not show, or comes from
    // (cgroup_procs_write_permission(), nsdelegate): so the guide has to be in the group before
    long born =
        join.has(NamespaceKind.CGROUP) && cgroups.bornInside() ? Flags.CLONE_INTO_CGROUP : 0;
    var guides = CloneArguments.of(born, pidfdSpace);
    var arguments = CloneArguments.sibling("first process", flags & ~born);
    cgroups.open(steps, born == 0 ? arguments : guides);
    guide.start(
        steps,
        guides,
        pidfdSpace,
        way -> {
          outer.make(way, settings);
          join.enter(way);
          way.because("namespaces: " + namespaces);
          guide.spawn(way, "first process", arguments, inside);
        });
    join.close(steps);
    pid = guide.await(steps);
    steps.because("the end of the container");
    pidfd = GuideSteps.handle(steps, "first process", pid());
  }

  static void kill(Steps steps, Register pidfd) {
    steps.call(
        "killing it",
        OnError.IGNORE,
        Sys.PIDFD_SEND_SIGNAL,
        result(pidfd),
        number(SIGKILL),
        number(0),
        number(0));
    steps.add(
        new Step.Reap(
            note(steps, "reaping it"), result(pidfd), steps.registers().number("reaped")));
    steps.close(pidfd);
  }

  private void map(Steps steps, Pipe go, Register process) {
    steps.because("user namespace");
    map.ifPresent(ids -> new MapSteps(features, ids).write(steps, process));
    if (handover != null) {
      root.handOver(steps, process, handover.near());
    }
    letGo(steps, go);
  }

  /** The ids of a user namespace that has just been made, for a process that waits for them. */
  static void writeMap(
      Steps steps, KernelFeatures features, IdentityMap map, Pipe go, Register process) {
    steps.because("user namespace");
    new MapSteps(features, map).write(steps, process);
    letGo(steps, go);
  }

  private static void letGo(Steps steps, Pipe go) {
    steps.close(go.read());
    steps.call("letting it go on", Sys.WRITE, result(go.write()), Operand.text("1"), number(1));
    steps.close(go.write());
  }

  /** Until the command is executed, or a step of the child failed. */
  void awaitStart(Steps steps) {
    steps.because("the start");
    var pipe = Objects.requireNonNull(reports);
    steps.add(new Step.Await(note(steps, "waiting for the start"), result(pipe.read())));
    steps.add(new Step.Handshake(note(steps, "waiting for the start"), result(pipe.read())));
    steps.close(pipe.read());
  }

  /** Receives the other side of the terminal. */
  void terminal(Steps steps) {
    if (terminal != null) {
      terminal.receive(steps);
    }
    if (handover != null) {
      steps.close(handover.near());
    }
  }

  /** The wait status of the command, as process 1 saw it; process 1's own where that was killed. */
  void readStatus(Steps steps, Register status) {
    if (statuses == null) {
      return;
    }
    var seen = new Datum.Space("status of the command", 8);
    var size = steps.registers().number("size");
    steps.call(
        "reading the status of the command",
        size,
        OnError.IGNORE,
        Sys.READ,
        result(statuses.read()),
        Operand.address(seen),
        number(8));
    steps.when(
        "where there is one",
        result(size),
        Step.Test.EQUAL,
        number(8),
        inner -> inner.load("the status of the command", seen, 0, 8, status));
    steps.close(statuses.read());
  }

  // ---- the child ----

  private void child(Steps steps, Pipe reportPipe, @Nullable Pipe statusPipe, @Nullable Pipe go) {
    steps.because("the start");
    steps.add(new Step.ReportTo(note(steps, "reporting failures"), result(reportPipe.write())));
    dieWithParent(steps, reportPipe);
    if (go != null) {
      // while it is who started it: v1 lets one who is not the machine's root move only himself
      // (__cgroup1_procs_write() in kernel/cgroup/cgroup-v1.c)
      cgroups.enter(steps);
      awaitMap(steps, go, credentials::leaveGroups);
    }
    steps.because("the start");
    // until it executes something nobody may trace it or open its memory: neither what is in a
    // namespace that it joins nor, of process 1, the command (ptrace(2), prctl(2))
    CommandSteps.open(steps, "closing itself to others", false);
    steps.call("leaving the session", Sys.SETSID);
    steps.call(
        "creating files with the modes that are asked for",
        Sys.UMASK,
        Operand.number(0, Notation.OCTAL));
    if (go == null) {
      cgroups.enter(steps);
    }
    namespaces.makeRest(steps);
    cgroups.settle(steps);
    writeSettings(steps);
    AffinitySteps.place(steps, features, spec);
    views.place(steps);
    if (namespaces.areNew(NamespaceKind.MNT)) {
      if (handover != null) {
        root.receive(steps, handover.far());
      }
      root.open(steps);
      kernelMounts.open(steps);
      root.enter(steps);
      kernelMounts.mount(steps);
      root.attachSources(steps);
      root.hideSecrets(steps);
      views.attach(steps);
      kernelMounts.protect(steps);
      root.attachRequests(steps);
      if (terminal != null) {
        terminal.open(steps);
      }
    } else if (terminal != null) {
      terminal.open(steps);
    }
    namespaces.name(steps);
    namespaces.loopback(steps);
    if (stdio.size() == 3) {
      steps.because("the command's streams");
      for (int i = 0; i < 3; i++) {
        LaunchPlanner.dup(steps, stdio.get(i), i);
      }
    }
    if (statusPipe == null) {
      command(steps, reportPipe, true);
    } else {
      processOne(steps, reportPipe, statusPipe);
    }
  }

  /**
   * Who is closed to others has files in /proc that are user 0's of outside, which in a user
   * namespace he cannot write (task_dump_owner() in fs/proc/base.c). In its own there is nobody yet
   * to whom it would be open.
   */
  private void writeSettings(Steps steps) {
    boolean opens = settings.hasClocks() && map.isPresent();
    if (opens) {
      steps.because("--set time");
      CommandSteps.open(steps, "opening its own files in /proc", true);
    }
    outer.writeOthers(steps, settings);
    if (opens) {
      CommandSteps.open(steps, "closing itself to others", false);
    }
  }

  /**
   * The kernel forgets the signal when the credentials change, so that this is repeated after they
   * did. It says nothing if the parent has died before: then the pipe has lost its reader.
   */
  private void dieWithParent(Steps steps, Pipe reportPipe) {
    CommandSteps.dieWithParent(steps);
    if (reportPipe.read() != null) {
      steps.close(reportPipe.read());
    }
    var poll = new Datum.Space("poll", 8);
    var orphaned = steps.registers().number("orphaned");
    steps.store("the pipe", poll, 0, 4, result(reportPipe.write()));
    steps.call(
        "looking whether the parent lives",
        orphaned,
        OnError.IGNORE,
        Sys.PPOLL,
        Operand.address(poll),
        number(1),
        Operand.address(new Datum.Words("no time", List.of(number(0), number(0)))),
        number(0),
        number(0));
    steps.when(
        "where it is dead",
        result(orphaned),
        Step.Test.EQUAL,
        number(1),
        inner -> inner.add(new Step.End(note(inner, "ending as well"), number(125))));
  }

  /**
   * Until its ids have a meaning; then it is root inside, in no group that {@code leave} leaves.
   */
  static void awaitMap(Steps steps, Pipe go, Consumer<Steps> leave) {
    steps.because("user namespace");
    steps.close(go.write());
    var got = steps.registers().number("got");
    steps.call(
        "waiting for the map of ids",
        got,
        OnError.FAIL,
        Sys.READ,
        result(go.read()),
        Operand.address(new Datum.Space("go", 8)),
        number(1));
    steps.when(
        "where the parent is gone",
        result(got),
        Step.Test.EQUAL,
        number(0),
        inner -> inner.add(new Step.End(note(inner, "ending"), number(125))));
    steps.close(go.read());
    var zero = number(0);
    leave.accept(steps);
    steps.call("becoming group 0 inside", Sys.SETRESGID, zero, zero, zero);
    steps.call("becoming user 0 inside", Sys.SETRESUID, zero, zero, zero);
  }

  /** Process 1, and the command as its child. */
  private void processOne(Steps steps, Pipe reportPipe, Pipe statusPipe) {
    boolean early = spec.noNewPrivileges();
    if (early) {
      credentials.drop(steps);
    }
    steps.because("--init");
    var main = steps.registers().number("command");
    var command = steps.inside(inner -> command(inner, reportPipe, !early));
    steps.add(
        new Step.Spawn(
            note(steps, "starting the command"),
            "command",
            CloneArguments.plain("command"),
            main,
            command));
    steps.because("--init");
    CommandSteps.keep(steps, "keeping the way to tell the status", statusPipe);
    CommandSteps.closeRest(steps);
    for (int i = 0; i < 3; i++) {
      steps.call("closing the command's stream", OnError.IGNORE, Sys.CLOSE, number(i));
    }
    if (!early) {
      credentials.filter(steps);
      credentials.drop(steps);
    }
    if (request.attachment() != Attachment.DETACHED) {
      steps.because("the start");
      CommandSteps.dieWithParent(steps);
    }
    if (early) {
      credentials.filter(steps);
    }
    if (!features.privileged()) {
      // an unprivileged user may enter the namespaces of a process only while that may be traced by
      // him (setns(2)); it has no privilege and no descriptor that the command lacks by now
      steps.because("exec by an ordinary user");
      CommandSteps.open(steps, "letting its owner in", true);
    }
    steps.because("--init");
    var status = steps.registers().number("command status");
    steps.add(new Step.Init(note(steps, "being process 1"), result(main), status));
    var seen = new Datum.Space("status", 8);
    steps.store("the status of the command", seen, 0, 8, result(status));
    steps.call(
        "telling the status of the command",
        OnError.IGNORE,
        Sys.WRITE,
        number(CommandSteps.REPORTS),
        Operand.address(seen),
        number(8));
    var code = steps.registers().number("command exit");
    steps.add(new Step.ExitCode(note(steps, "its exit status"), code, result(status)));
    steps.add(new Step.End(note(steps, "ending"), result(code)));
  }

  /**
   * From a process of the container to the command: the last privileges go, then it is executed.
   */
  private void command(Steps steps, Pipe reportPipe, boolean dropsPrivileges) {
    steps.because("the command");
    commands.begin(steps, terminal, reportPipe);
    credentials.rlimits(steps);
    if (dropsPrivileges && !spec.noNewPrivileges()) {
      credentials.filter(steps);
    }
    if (dropsPrivileges) {
      credentials.drop(steps);
    }
    if (request.attachment() != Attachment.DETACHED && dropsPrivileges && !namespaces.fork()) {
      steps.because("the start");
      CommandSteps.dieWithParent(steps);
    }
    directory(steps);
    commands.execute(steps, request.command());
  }

  private void directory(Steps steps) {
    if (spec.directory().isPresent()) {
      String path = spec.directory().get();
      steps.because("--workdir");
      steps.call("entering " + path, Sys.CHDIR, Operand.text(path));
    } else if (!request.host().directory().equals("/")) {
      steps.because("default: the starter's directory, where it is inside");
      steps.call(
          "entering " + request.host().directory(),
          OnError.allow(Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR),
          Sys.CHDIR,
          Operand.text(request.host().directory()));
    }
  }
}
