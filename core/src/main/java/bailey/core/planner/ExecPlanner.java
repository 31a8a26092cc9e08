package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
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

/**
 * Plans a further command in a container that runs. It gets the walls of the first one: the same
 * groups, namespaces, capabilities, system call filter.
 *
 * <p>A process enters the groups and the namespaces and then starts the command as its own sibling
 * (CLONE_PARENT): pid and time namespaces take only children, and the executor has to be the parent
 * of what it supervises. Keeps assembled filters; any thread.
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
    var stdio =
        request.attachment() == Attachment.RESIDENT
            ? List.of(
                registers.descriptor("stdin"),
                registers.descriptor("stdout"),
                registers.descriptor("stderr"))
            : List.<Register>of();
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
      this.join = new JoinSteps(features, request.first(), request.namespaces());
      this.command = new JoinedCommand(features, filters, request, stdio, cgroups, join);
    }

    void plan(Steps steps) {
      steps.because("exec: entering");
      join.open(steps);
      var reports = new Pipe(steps, "report");
      var numbers = new Pipe(steps, "number");
      command.prepare(steps);
      var pid = spawn(steps, reports, numbers);
      awaitStart(steps, pid, reports);
      command.receiveTerminal(steps);
      awaitEnd(steps);
    }

    private Register spawn(Steps steps, Pipe reports, Pipe numbers) {
      var space = new Datum.Space("guide's pidfd", 4);
      var arguments = CloneArguments.of(cgroups.bornInside() ? Flags.CLONE_INTO_CGROUP : 0, space);
      cgroups.open(steps, arguments);
      steps.because("exec: entering");
      var child = steps.inside(inner -> command.guide(inner, reports, numbers));
      steps.add(
          new Step.Spawn(
              note(steps, "starting a process to enter it"), "guide", arguments, null, child));
      var guide = steps.registers().descriptor("guide");
      steps.load("its pidfd", space, 0, 4, guide);
      steps.close(reports.write());
      steps.close(numbers.write());
      join.close(steps);
      cgroups.close(steps);
      command.spawned(steps);
      stdio.forEach(steps::close);
      return awaitNumber(steps, guide, reports, numbers);
    }

    /** The guide says which process the command is, and ends. */
    private Register awaitNumber(Steps steps, Register guide, Pipe reports, Pipe numbers) {
      steps.because("exec: entering");
      var told = new Datum.Space("pid of the command", 8);
      var size = steps.registers().number("size");
      steps.add(new Step.Await(note(steps, "waiting for the command"), result(numbers.read())));
      steps.call(
          "reading which process it is",
          size,
          OnError.FAIL,
          Sys.READ,
          result(numbers.read()),
          Operand.address(told),
          number(8));
      steps.close(numbers.read());
      steps.add(
          new Step.Reap(
              note(steps, "reaping the guide"),
              result(guide),
              steps.registers().number("guide's status")));
      steps.close(guide);
      steps.when(
          "where there is no command",
          result(size),
          Step.Test.DIFFERENT,
          number(8),
          inner -> {
            inner.add(new Step.Handshake(note(inner, "hearing why"), result(reports.read())));
            inner.add(new Step.Fail(note(inner, "entering it"), number(-Errno.ESRCH.number())));
          });
      var pid = steps.registers().number("pid");
      steps.load("the pid of the command", told, 0, 8, pid);
      return pid;
    }

    private void awaitStart(Steps steps, Register pid, Pipe reports) {
      var pidfd = steps.registers().descriptor("pidfd");
      steps.call("opening it", pidfd, OnError.FAIL, Sys.PIDFD_OPEN, result(pid), number(0));
      steps.undo("ending the command", undo -> FirstProcess.kill(undo, pidfd));
      steps.because("the start");
      steps.add(new Step.Await(note(steps, "waiting for the start"), result(reports.read())));
      steps.add(new Step.Handshake(note(steps, "waiting for the start"), result(reports.read())));
      steps.close(reports.read());
      steps.add(
          new Step.Report(note(steps, "reporting the start"), Step.Signal.STARTED, result(pid)));
    }

    private void awaitEnd(Steps steps) {
      var registers = steps.registers();
      var pidfd = registers.descriptor("pidfd");
      var status = registers.number("status");
      steps.because("the life of the command");
      steps.add(
          new Step.Supervise(
              note(steps, "supervising the command"),
              result(pidfd),
              0,
              command.terminalOrNull(),
              registers.number("timed out")));
      steps.because("the end of the command");
      steps.add(new Step.Reap(note(steps, "reaping it"), result(pidfd), status));
      steps.add(
          new Step.CollectNumber(note(steps, "noting how it ended"), "status", result(status)));
      EndSteps.time(steps);
      if (request.attachment() == Attachment.RESIDENT) {
        steps.add(new Step.SendRecord(note(steps, "sending the record")));
      }
      var exit = registers.number("exit");
      steps.add(new Step.ExitCode(note(steps, "its exit status"), exit, result(status)));
      steps.add(new Step.Unwind(note(steps, "ending"), result(exit)));
    }
  }
}
