package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchRequest.Attachment;
import java.util.ArrayList;

/** Waiting for the end of a container, its report, and what is done after everything else. */
final class EndSteps {
  private static final int CLOCK_REALTIME = 0;

  private final LaunchRequest request;
  private final CgroupSteps cgroups;
  private final boolean ownsPids;

  EndSteps(LaunchRequest request, CgroupSteps cgroups, boolean ownsPids) {
    this.request = request;
    this.cgroups = cgroups;
    this.ownsPids = ownsPids;
  }

  /** Whether the record of a container stays when all else is removed. */
  static Register kept(Steps steps) {
    return steps.registers().number("kept");
  }

  private static Register reported(Steps steps) {
    return steps.registers().number("report wanted");
  }

  /** First of all: what is done last, and the values that later steps decide by. */
  void prepare(Steps steps) {
    steps.because("the end of the container");
    steps.add(new Step.Assign(note(steps, "nothing is kept on failure"), kept(steps), number(0)));
    if (request.attachment() != Attachment.FOREGROUND || request.reporter().isEmpty()) {
      return;
    }
    steps.because(request.alwaysReport() ? "--report" : "a report where a limit ended it");
    steps.add(new Step.Assign(note(steps, "no report"), reported(steps), number(0)));
    var words = new ArrayList<Operand>();
    request.reporter().forEach(word -> words.add(Operand.text(word)));
    words.add(number(0));
    steps.undo(
        "printing the report",
        undo ->
            undo.when(
                "where it is wanted",
                result(reported(steps)),
                Step.Test.DIFFERENT,
                number(0),
                inner ->
                    inner.call(
                        "executing " + request.reporter().getFirst(),
                        OnError.IGNORE,
                        Sys.EXECVE,
                        Operand.text(request.reporter().getFirst()),
                        Operand.address(new Datum.Words(request.reporter().toString(), words)),
                        result(Registers.environment()))));
  }

  /** Waits, forwarding what is to be forwarded. */
  void await(Steps steps, FirstProcess first) {
    long timeout = request.spec().timeout().toMillis();
    steps.because(timeout == 0 ? "the life of the container" : "--timeout");
    var timedOut = steps.registers().number("timed out");
    steps.add(
        new Step.Supervise(
            note(steps, "supervising the container"),
            result(first.pidfd()),
            timeout,
            first.terminalOrNull(),
            timedOut));
    steps.because("the end of the container");
    if (!ownsPids) {
      cgroups.report().killRest(steps);
    }
    var status = steps.registers().number("status");
    steps.add(
        new Step.Reap(note(steps, "reaping the first process"), result(first.pidfd()), status));
    first.readStatus(steps, status);
    steps.add(new Step.CollectNumber(note(steps, "noting how it ended"), "status", result(status)));
    steps.add(
        new Step.CollectNumber(
            note(steps, "noting whether its time ran out"), "timed_out", result(timedOut)));
    steps.add(
        new Step.ExitCode(
            note(steps, "its exit status"), steps.registers().number("exit"), result(status)));
  }

  /** Records the end, undoes everything and ends as the command did. */
  void finish(Steps steps, StateSteps state) {
    time(steps);
    var outOfMemory = steps.registers().number("out of memory");
    steps.add(new Step.Assign(note(steps, "no out-of-memory kill so far"), outOfMemory, number(0)));
    cgroups.report().collect(steps, outOfMemory);
    steps.because("the report of the end");
    steps.add(
        new Step.Collect(
            note(steps, "adding what was intended"),
            StateFiles.INTENT,
            Steps.cwd(),
            new Datum.Text(request.state().directory() + "/" + StateFiles.INTENT)));
    state.recordEnd(steps);
    if (request.attachment() == Attachment.RESIDENT) {
      steps.add(new Step.SendRecord(note(steps, "sending the record")));
    }
    steps.because("the end of the container");
    if (!request.spec().removed()) {
      steps.add(
          new Step.Assign(
              note(steps, "its record stays until it is removed"), kept(steps), number(1)));
    }
    if (request.attachment() == Attachment.FOREGROUND && !request.reporter().isEmpty()) {
      askForReport(steps, outOfMemory);
    }
    steps.add(new Step.Unwind(note(steps, "ending"), result(steps.registers().number("exit"))));
  }

  private void askForReport(Steps steps, Register outOfMemory) {
    var wanted = reported(steps);
    if (request.alwaysReport()) {
      steps.add(new Step.Assign(note(steps, "a report is wanted"), wanted, number(1)));
      return;
    }
    for (var cause : new Register[] {outOfMemory, steps.registers().number("timed out")}) {
      steps.when(
          "where it ended by a limit",
          result(cause),
          Step.Test.DIFFERENT,
          number(0),
          inner ->
              inner.add(new Step.Assign(note(inner, "a report is wanted"), wanted, number(1))));
    }
  }

  /** Notes the time in the record. */
  static void time(Steps steps) {
    steps.because("the report of the end");
    var now = new Datum.Space("time", 16);
    steps.call("reading the time", Sys.CLOCK_GETTIME, number(CLOCK_REALTIME), Operand.address(now));
    var seconds = steps.registers().number("seconds");
    var nanos = steps.registers().number("nanoseconds");
    steps.load("its seconds", now, 0, 8, seconds);
    steps.load("its nanoseconds", now, 8, 8, nanos);
    steps.add(new Step.CollectNumber(note(steps, "noting the time"), "ended_s", result(seconds)));
    steps.add(new Step.CollectNumber(note(steps, "noting the time"), "ended_ns", result(nanos)));
  }
}
