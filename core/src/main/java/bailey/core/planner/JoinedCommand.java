package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the processes do that enter a container with a further command. */
final class JoinedCommand {

  private final ExecRequest request;
  private final ContainerSpec spec;
  private final List<Register> stdio;
  private final CgroupSteps cgroups;
  private final JoinSteps join;
  private final CredentialSteps credentials;
  private final CommandSteps commands;
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
    this.cgroups = cgroups;
    this.join = join;
    boolean setsGroups =
        IdentityMap.of(features, spec, request.userBase())
            .map(IdentityMap::setsGroups)
            .orElse(true);
    this.credentials = new CredentialSteps(spec, setsGroups, filters);
    this.commands = new CommandSteps(spec, credentials);
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

  /** The process that enters and starts the command. */
  void guide(Steps steps, Pipe reports, Pipe numbers) {
    steps.because("exec: entering");
    steps.add(new Step.ReportTo(note(steps, "reporting failures"), result(reports.write())));
    steps.close(numbers.read());
    CommandSteps.dieWithParent(steps);
    // Until it executes, nothing inside may look into it: it has the executor's descriptors.
    CommandSteps.open(steps, "keeping others out", false);
    steps.call("leaving the session", Sys.SETSID);
    cgroups.enter(steps);
    steps.because("exec: entering");
    join.enter(steps);
    if (terminal != null) {
      terminal.openWithoutConsole(steps);
    }
    steps.because("the command");
    var pid = steps.registers().number("pid");
    var child = steps.inside(inner -> command(inner, reports));
    steps.add(
        new Step.Spawn(
            note(steps, "starting the command"),
            "command",
            CloneArguments.sibling("command"),
            pid,
            child));
    var told = new Datum.Space("pid to tell", 8);
    steps.store("the pid of the command", told, 0, 8, result(pid));
    steps.call(
        "telling which process it is",
        Sys.WRITE,
        result(numbers.write()),
        Operand.address(told),
        number(8));
    steps.add(new Step.End(note(steps, "ending"), number(0)));
  }

  private void command(Steps steps, Pipe reports) {
    steps.because("the command");
    for (int i = 0; i < stdio.size(); i++) {
      LaunchPlanner.dup(steps, stdio.get(i), i);
    }
    commands.begin(steps, terminal, reports);
    if (!spec.noNewPrivileges()) {
      credentials.filter(steps);
    }
    credentials.drop(steps);
    steps.because("the command");
    CommandSteps.dieWithParent(steps);
    var directory = spec.directory().orElse("/");
    steps.call("entering " + directory, Sys.CHDIR, Operand.text(directory));
    commands.execute(steps, request.command());
  }
}
