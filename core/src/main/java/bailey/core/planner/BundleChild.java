package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleHooks.Hook;
import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.bundle.BundleState;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Steps;
import bailey.core.spec.NamespaceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the first process of a bundle's container does, from the clone that makes its namespaces to
 * the execution of its program.
 */
final class BundleChild {
  private final KernelFeatures features;
  private final BundleRequest request;
  private final BundleSpec spec;
  private final BundleStart start;
  private final BundleGroups groups;
  private final BundleIds ids;
  private final BundleExecution execution;
  private final HookSteps hooks;
  private final BundleChannels channels;
  private final @Nullable BundleTerminal terminal;
  private final BundleTrees trees;

  /**
   * For one container.
   *
   * @param terminal that it gets
   * @param trees that it gets
   */
  BundleChild(
      KernelFeatures features,
      BundleRequest request,
      BundleGroups groups,
      BundleIds ids,
      BundleExecution execution,
      BundleChannels channels,
      @Nullable BundleTerminal terminal,
      BundleTrees trees) {
    this.features = features;
    this.request = request;
    this.spec = request.spec();
    this.start = request.start();
    this.groups = groups;
    this.ids = ids;
    this.execution = execution;
    this.hooks = new HookSteps(request.told());
    this.channels = channels;
    this.terminal = terminal;
    this.trees = trees;
  }

  /** All that it does. */
  void steps(Steps steps) {
    steps.because("the start");
    channels.begin(steps);
    groups.enter(steps);
    var labels = new BundleLabels(spec.process().label());
    labels.open(steps);
    if (ids.entersUsers()) {
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
    var kept = new ArrayList<>(channels.ofProcess());
    if (start.attachment() == Attachment.CREATED) {
      kept.add(steps.registers().descriptor(BundleState.START));
      kept.add(steps.registers().descriptor(BundleState.STARTED));
    }
    if (start.keyring()) {
      BundleCredentials.keyring(steps, request.id());
    }
    namespaces(steps);
    execution.credentials().schedule(steps);
    if (!ids.entersUsers()) {
      execution.credentials().rlimits(steps);
    }
    if (spec.isNew(NamespaceKind.MNT)) {
      root(steps);
    } else if (terminal != null) {
      openTerminal(steps, null);
    }
    labels.write(steps);
    steps.because("the start");
    CommandSteps.outliveParent(steps);
    execution.become(
        steps,
        terminal,
        kept,
        (inner, listener) -> SeccompListener.announce(inner, channels, listener));
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

  private void awaitMap(Steps steps) {
    steps.because("user namespace");
    channels.awaitGo(steps, "waiting for the map of ids");
    if (ids.groups() != CredentialSteps.Groups.KEPT) {
      steps.call(
          "leaving all groups", OnError.allow(Errno.EPERM), Sys.SETGROUPS, number(0), number(0));
    }
    var zero = number(0);
    steps.call("becoming group 0 inside", Sys.SETRESGID, zero, zero, zero);
    steps.call("becoming user 0 inside", Sys.SETRESUID, zero, zero, zero);
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
    var devices = new NetDeviceSteps(spec.interfaces());
    if (!devices.isEmpty()) {
      devices.check(steps);
      channels.tell(steps, "telling that their names are free");
      channels.awaitGo(steps, "waiting for its network devices");
      devices.configure(steps);
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
    var root = BundleRootSteps.attach(steps, spec.root(), features.arch());
    boolean bound = ids.entersUsers() || !features.machineRoot();
    var mounts = new BundleMountSteps(root, groups, spec.isNew(NamespaceKind.CGROUP), trees);
    spec.mounts().forEach(mount -> mounts.mount(steps, mount));
    new BundleDevices(root, spec, bound).make(steps);
    if (terminal != null) {
      openTerminal(steps, root);
    }
    if (!spec.hooks().createRuntime().isEmpty()) {
      steps.because("hooks.createRuntime");
      channels.tell(steps, "telling that the mounts are there");
      channels.awaitGo(steps, "waiting for the hooks");
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

  private void awaitRelease(Steps steps) {
    steps.because("the start");
    if (start.attachment() != Attachment.CREATED) {
      channels.tell(steps, "telling that it is ready");
      channels.awaitGo(steps, "waiting to be started");
      return;
    }
    var waiting = steps.registers().descriptor(BundleState.START);
    var answer = steps.registers().descriptor(BundleState.STARTED);
    channels.tell(steps, "telling that it is ready");
    if (spec.limits().path().isEmpty()) {
      // no group leads to it: it must not stay where nobody has written down which it is
      channels.awaitGo(steps, "waiting until it is recorded");
    }
    channels.end(steps, answer);
    steps.because("create: the process waits for start");
    BundleChannels.awaitByte(steps, "waiting for start", waiting);
  }
}
