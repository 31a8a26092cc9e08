package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleSpec;
import bailey.core.bundle.BundleStart;
import bailey.core.bundle.BundleStart.Attachment;
import bailey.core.bundle.BundleState;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first process of a bundle's container: the user's program itself, with no process of bailey's
 * before it or beside it. The executor that starts it may end as soon as it is ready; whoever has
 * started that, or a subreaper above, becomes its parent and learns of its end.
 */
final class BundleProcess {
  private static final String READY = "waiting until it is ready";

  private final KernelFeatures features;
  private final BundleRequest request;
  private final BundleSpec spec;
  private final BundleStart start;
  private final BundleGroups groups;
  private final BundleStateSteps state;
  private final JoinSteps join;
  private final HookSteps hooks;
  private final BundleIds ids;
  private final BundleExecution execution;
  private final BundleTrees trees;
  private @Nullable BundleTerminal terminal;
  private @Nullable Handover handover;
  private @Nullable Register relayed;
  private @Nullable BundleChannels channels;
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
    this.ids = BundleIds.of(features, spec);
    this.trees = new BundleTrees(features, spec, ids);
    this.execution =
        new BundleExecution(
            spec.process(),
            BundleExecution.attainable(features, ids.entersUsers()),
            ids.groups(),
            start.preserved());
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
    boolean relays = spec.process().terminal() && start.consoleSocket().isEmpty();
    if (relays || !trees.isEmpty()) {
      steps.because(relays ? "process.terminal" : "mounts: trees of the machine");
      handover = new Handover(steps);
      trees.by(handover);
    }
    if (relays) {
      relayed = steps.registers().descriptor("terminal");
      terminal = BundleTerminal.of(Objects.requireNonNull(handover).far(), spec.process().size());
    } else if (spec.process().terminal()) {
      terminal =
          BundleTerminal.of(
              BundleTerminal.connect(
                  steps, "--console-socket", start.consoleSocket().orElseThrow(), "console socket"),
              spec.process().size());
    }
  }

  /** Starts it, up to where it has all that only who starts it can give. */
  void spawn(Steps steps) {
    steps.because("the start");
    var ways = new BundleChannels(steps);
    channels = ways;
    var child = new BundleChild(features, request, groups, ids, execution, ways, terminal, trees);
    boolean fresh = spec.isNew(NamespaceKind.TIME);
    if (join.isEmpty() && !fresh) {
      startDirectly(steps, ways, child);
    } else {
      startByGuide(steps, ways, child, fresh);
    }
    steps.because("the start");
    ways.started(steps);
    if (terminal != null && relayed == null) {
      steps.close(terminal.far());
    }
    if (handover != null) {
      steps.close(handover.far());
    }
    groups.close(steps);
    if (start.attachment() == Attachment.CREATED) {
      steps.close(steps.registers().descriptor(BundleState.START));
      steps.close(steps.registers().descriptor(BundleState.STARTED));
    }
    state.recordFirst(steps, pid());
    ids.map()
        .ifPresent(
            map -> {
              steps.because("user namespace");
              new MapSteps(features, map).write(steps, pid());
            });
    if (ids.entersUsers()) {
      execution.credentials().rlimits(steps, pid());
      ways.letGo(steps);
    }
    execution.credentials().oomScore(steps, pid());
    var devices = new NetDeviceSteps(spec.interfaces());
    if (!devices.isEmpty()) {
      steps.because("linux.netDevices");
      ways.awaitProgress(steps, "waiting until their names were looked at");
      devices.move(steps, pid());
      ways.letGo(steps);
    }
    trees.handOver(steps, pid());
    if (!isAwaited()) {
      // it finds that it may go on when it is so far: on another processor each wakes the other
      // late
      steps.because("the start");
      ways.letGo(steps);
    }
  }

  /**
   * Whether who starts it has something to do between its being ready and the execution of its
   * program.
   */
  private boolean isAwaited() {
    return start.attachment() == Attachment.CREATED
        || start.pidFile().isPresent()
        || start.pidfdSocket().isPresent()
        || spec.process().terminal()
        || !spec.hooks().createRuntime().isEmpty()
        || SeccompListener.of(spec.process()).isPresent();
  }

  private BundleChannels channels() {
    return Objects.requireNonNull(channels);
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

  private void startDirectly(Steps steps, BundleChannels ways, BundleChild inside) {
    var space = new Datum.Space("pidfd", 4);
    var arguments = CloneArguments.of(cloneFlags(), space);
    groups.open(steps, arguments);
    steps.because("linux.namespaces");
    var process = steps.registers().number("pid");
    pid = process;
    var child = steps.inside(inside::steps);
    steps.add(
        new Step.Spawn(
            note(steps, "starting the first process"), "first process", arguments, process, child));
    var handle = steps.registers().descriptor("pidfd");
    pidfd = handle;
    steps.load("its pidfd", space, 0, 4, handle);
    steps.close(ways.reports().write());
    steps.undo("ending the first process", undo -> FirstProcess.kill(undo, handle));
  }

  /** A time namespace takes children only, and its clocks can be set before the first one. */
  private void startByGuide(Steps steps, BundleChannels ways, BundleChild inside, boolean fresh) {
    join.open(steps);
    steps.because("linux.namespaces");
    var guide = new GuideSteps(steps, ways.reports());
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
          guide.spawn(way, "first process", arguments, inside::steps);
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

  /** Until it is ready to execute its program. */
  void awaitReady(Steps steps) {
    if (!spec.hooks().createRuntime().isEmpty()) {
      steps.because("hooks.createRuntime");
      channels().awaitProgress(steps, "waiting for its mounts");
      hooks.run(
          steps, "createRuntime", spec.hooks().createRuntime(), "creating", result(pid()), true);
      channels().letGo(steps);
    }
    SeccompListener.of(spec.process())
        .ifPresent(
            listener ->
                new SeccompListener(listener, request.told(), channels())
                    .take(steps, pid(), pidfd(), 0));
    if (isAwaited()) {
      steps.because("the start");
      channels().awaitProgress(steps, READY);
    }
  }

  /** It is told to execute its program, and reported when it has. */
  void release(Steps steps) {
    steps.because("the start");
    if (isAwaited()) {
      channels().letGo(steps);
    }
    channels().awaitExecution(steps);
    if (!isAwaited()) {
      channels().awaitProgress(steps, READY); // one that was killed before says nothing either
    }
    channels().leave(steps);
  }

  /** It is left to itself. */
  void leave(Steps steps) {
    if (spec.limits().path().isEmpty()) {
      channels().letGo(steps);
    }
    channels().leave(steps);
  }

  /** Receives the other side of the terminal, where it is relayed. */
  void receiveTerminal(Steps steps) {
    if (relayed != null && handover != null) {
      var received = relayed;
      steps.because("process.terminal");
      Handover.receive(steps, "receiving the terminal", handover.near(), List.of(received));
      steps.undo("closing the terminal", undo -> undo.close(received));
    }
    if (handover != null) {
      steps.close(handover.near());
    }
  }
}
