package bailey.core.planner;

import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.ContainerSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the processes do that enter a container with a further command. */
final class JoinedCommand {

  private final ExecRequest request;
  private final ContainerSpec spec;
  private final List<Register> stdio;
  private final KernelFeatures features;
  private final CgroupSteps cgroups;
  private final JoinSteps join;
  private final CredentialSteps credentials;
  private final CommandSteps commands;

  /**
   * Whether the guide, which nobody inside sees, gives up all rights before the command is there:
   * with CAP_SYS_PTRACE in the same user namespace also what is not dumpable may be traced. Not
   * where programs may gain privileges: there the filter has to be put in force first, and that
   * refuses to start processes in this way.
   */
  private final boolean early;

  private @Nullable TerminalSteps terminal;
  private @Nullable Handover handover;

  JoinedCommand(
      KernelFeatures features,
      CredentialSteps.Filters filters,
      ExecRequest request,
      List<Register> stdio,
      CgroupSteps cgroups,
      JoinSteps join) {
    this.request = request;
    this.spec = request.spec();
    this.stdio = stdio;
    this.features = features;
    this.cgroups = cgroups;
    this.join = join;
    var groups = IdentityMap.groups(IdentityMap.of(features, spec, request.userBase()), spec, true);
    this.credentials = new CredentialSteps(spec, groups, filters);
    this.commands = new CommandSteps(spec, credentials);
    this.early = request.tracers() && spec.noNewPrivileges();
  }

  /** In the executor, before the clone. */
  void prepare(Steps steps) {
    if (spec.terminal()) {
      var pair = new Handover(steps);
      handover = pair;
      terminal = new TerminalSteps(steps, spec, pair);
    }
  }

  /** In the executor, after the clone. */
  void spawned(Steps steps) {
    if (handover != null) {
      steps.close(handover.far());
    }
  }

  /** In the executor, after the start. */
  void receiveTerminal(Steps steps) {
    if (terminal != null && handover != null) {
      terminal.receive(steps);
      steps.close(handover.near());
    }
  }

  @Nullable Register terminalOrNull() {
    return terminal == null ? null : terminal.master();
  }

  /** What the process does that enters and starts the command. */
  void guide(Steps steps, GuideSteps guide, Pipe reports) {
    steps.call("leaving the session", Sys.SETSID);
    cgroups.enter(steps);
    AffinitySteps.place(steps, features, spec);
    request.cpus().ifPresent(cpus -> AffinitySteps.place(steps.because("--proc=view"), cpus));
    steps.because("exec: entering");
    for (int i = 0; i < stdio.size(); i++) {
      LaunchPlanner.dup(steps, stdio.get(i), i);
    }
    var kept = new ArrayList<>(guide.ways());
    kept.addAll(join.files());
    if (handover != null) {
      kept.add(handover.far());
    }
    ShedSteps.keep(steps, kept);
    GuideSteps.report(steps, reports);
    join.enter(steps);
    if (terminal != null) {
      terminal.openWithoutConsole(steps);
    }
    if (early) {
      credentials.rlimits(steps);
      credentials.drop(steps);
    }
    // the kernel may have undone it when what the guide may do changed (fs.suid_dumpable)
    CommandSteps.open(steps, "keeping others out", false);
    steps.because("the command");
    guide.spawn(
        steps, "command", CloneArguments.sibling("command", 0), inner -> command(inner, reports));
  }

  private void command(Steps steps, Pipe reports) {
    steps.because("the command");
    commands.begin(steps, terminal, reports);
    if (!early) {
      credentials.rlimits(steps);
      if (!spec.noNewPrivileges()) {
        credentials.filter(steps);
      }
      credentials.drop(steps);
    }
    steps.because("the command");
    CommandSteps.dieWithParent(steps);
    var directory = spec.directory().orElse("/");
    steps.call("entering " + directory, Sys.CHDIR, Operand.text(directory));
    commands.execute(steps, request.command());
  }
}
