package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.planner.LaunchRequest.Attachment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plans a further command in a container that runs. It gets the walls of the first one: the same
 * groups, namespaces, capabilities, system call filter.
 *
 * <p>A guide ({@link GuideSteps}) enters the groups and the namespaces and starts the command.
 * Keeps assembled filters; any thread.
 */
public final class ExecPlanner {
  private final KernelFeatures features;
  private final CredentialSteps.Filters filters;

  /** A planner for a machine. */
  public ExecPlanner(KernelFeatures features) {
    this.features = features;
    this.filters = new CredentialSteps.Filters(features.arch());
  }

  /** The plan. With {@code RESIDENT} it is sent with the command's three streams. */
  public Plan plan(ExecRequest asked) {
    var request = asked.with(Boundary.of(features, asked.spec(), asked.userBase()));
    var registers = new Registers();
    var stdio = LaunchPlanner.stdio(registers, request.attachment());
    var steps = new Steps(registers);
    new Life(request, stdio).plan(steps);
    return PlanVerifier.verify(
        new Plan("exec in " + request.name(), features.arch(), stdio, steps.list()));
  }

  /** One plan in the making. */
  private final class Life {
    private final ExecRequest request;
    private final List<Register> stdio;
    private final CgroupSteps cgroups;
    private final JoinSteps join;
    private final JoinedCommand command;

    Life(ExecRequest request, List<Register> stdio) {
      var spec = request.spec();
      this.request = request;
      this.stdio = stdio;
      this.cgroups =
          CgroupSteps.of(features, request.name(), spec, Optional.empty(), CgroupSteps.Phase.ENTER);
      this.join = JoinSteps.ofProcess(features, request.first(), request.namespaces());
      this.command = new JoinedCommand(features, filters, request, stdio, cgroups, join);
    }

    void plan(Steps steps) {
      steps.because("exec: entering");
      join.open(steps);
      var reports = new Pipe(steps, "report");
      var guide = new GuideSteps(steps, reports);
      command.prepare(steps);
      var space = new Datum.Space("guide's pidfd", 4);
      var arguments = CloneArguments.of(cgroups.bornInside() ? Flags.CLONE_INTO_CGROUP : 0, space);
      cgroups.open(steps, arguments);
      guide.start(steps, arguments, space, inner -> command.guide(inner, guide, reports));
      join.close(steps);
      cgroups.close(steps);
      command.spawned(steps);
      stdio.forEach(steps::close);
      var pid = guide.await(steps);
      GuideSteps.handle(steps, "command", pid);
      awaitStart(steps, pid, reports);
      command.receiveTerminal(steps);
      awaitEnd(steps, command.terminalOrNull(), request.attachment() == Attachment.RESIDENT);
    }
  }

  /** Until the command executes; what it reports before fails the plan. */
  static void awaitStart(Steps steps, Register pid, Pipe reports) {
    steps.because("the start");
    steps.add(new Step.Await(note(steps, "waiting for the start"), result(reports.read())));
    steps.add(new Step.Handshake(note(steps, "waiting for the start"), result(reports.read())));
    steps.close(reports.read());
    steps.add(
        new Step.Report(note(steps, "reporting the start"), Step.Signal.STARTED, result(pid)));
  }

  /**
   * Until the command ends, and with it the plan.
   *
   * @param recorded whether the requester is told how
   */
  static void awaitEnd(Steps steps, @Nullable Register terminal, boolean recorded) {
    var registers = steps.registers();
    var pidfd = registers.descriptor("pidfd");
    var status = registers.number("status");
    steps.because("the life of the command");
    steps.add(
        new Step.Supervise(
            note(steps, "supervising the command"),
            result(pidfd),
            0,
            terminal,
            registers.number("timed out")));
    steps.because("the end of the command");
    steps.add(new Step.Reap(note(steps, "reaping it"), result(pidfd), status));
    steps.add(new Step.CollectNumber(note(steps, "noting how it ended"), "status", result(status)));
    EndSteps.time(steps);
    if (recorded) {
      steps.add(new Step.SendRecord(note(steps, "sending the record")));
    }
    var exit = registers.number("exit");
    steps.add(new Step.ExitCode(note(steps, "its exit status"), exit, result(status)));
    steps.add(new Step.Unwind(note(steps, "ending"), result(exit)));
  }
}
