package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.Pipe;
import java.util.List;

/**
 * How the first process of a bundle's container and who starts it talk, by three pipes. By the
 * first it reports what went wrong; its execution closes it. By the second it tells how far it is,
 * a byte each time; by the third it is told to go on.
 */
final class BundleChannels {
  private final Pipe reports;
  private final Pipe progress;
  private final Pipe go;

  /** In who starts it, before the clone. */
  BundleChannels(Steps steps) {
    reports = new Pipe(steps, "report");
    progress = new Pipe(steps, "progress");
    go = new Pipe(steps, "go");
  }

  /** The first of them. */
  Pipe reports() {
    return reports;
  }

  // ---- in who starts it ----

  /** After the clone. */
  void started(Steps steps) {
    steps.close(progress.write());
  }

  /** Tells the process to go on. */
  void letGo(Steps steps) {
    steps.call("letting it go on", Sys.WRITE, result(go.write()), Operand.text("1"), number(1));
  }

  /** Until it tells that it is so far; what keeps it from that fails the plan. */
  void awaitProgress(Steps steps, String what) {
    var size = steps.registers().number("size");
    steps.call(
        what,
        size,
        OnError.FAIL,
        Sys.READ,
        result(progress.read()),
        Operand.address(new Datum.Space("progress", 8)),
        number(1));
    steps.when(
        "where it ended",
        result(size),
        Step.Test.DIFFERENT,
        number(1),
        inner -> {
          inner.add(new Step.Handshake(note(inner, "hearing why"), result(reports.read())));
          inner.add(new Step.Fail(note(inner, what), number(-Errno.ESRCH.number())));
        });
  }

  /** Reads a number that it tells. */
  void readNumber(Steps steps, String what, Register into) {
    var told = new Datum.Space("number that was told", 8);
    steps.call(what, Sys.READ, result(progress.read()), Operand.address(told), number(8));
    steps.load("the number", told, 0, 8, into);
  }

  /** Until its program is executed; what keeps it from that fails the plan. */
  void awaitExecution(Steps steps) {
    steps.add(new Step.Await(note(steps, "waiting for the start"), result(reports.read())));
    steps.add(new Step.Handshake(note(steps, "waiting for the start"), result(reports.read())));
  }

  /** Nobody listens any more. */
  void leave(Steps steps) {
    closeEnds(steps);
    steps.close(reports.read());
  }

  /** Nothing more is told, either way. */
  void closeEnds(Steps steps) {
    steps.close(progress.read());
    steps.close(go.read());
    steps.close(go.write());
  }

  // ---- in the process ----

  /** What of it the process keeps when all else is closed, that by which it reports first. */
  List<Register> ofProcess() {
    return List.of(reports.write(), progress.write(), go.read());
  }

  /** Those of them by which it and who starts it talk, without that by which it reports. */
  List<Register> talk() {
    return List.of(progress.write(), go.read());
  }

  /** First of all. */
  void begin(Steps steps) {
    steps.add(new Step.ReportTo(note(steps, "reporting failures"), result(reports.write())));
    CommandSteps.dieWithParent(steps);
    steps.close(reports.read());
    steps.close(progress.read());
    steps.close(go.write());
  }

  /** Tells how far it is. */
  void tell(Steps steps, String what) {
    steps.call(what, Sys.WRITE, result(progress.write()), Operand.text("1"), number(1));
  }

  /** Tells a number. */
  void tellNumber(Steps steps, String what, Register number) {
    var told = new Datum.Space("number to tell", 8);
    steps.store("the number", told, 0, 8, result(number));
    steps.call(what, Sys.WRITE, result(progress.write()), Operand.address(told), number(8));
  }

  /** Until it is told to go on. */
  void awaitGo(Steps steps, String what) {
    awaitByte(steps, what, go.read());
  }

  /** Until somebody writes a byte; it ends where nobody can any more. */
  static void awaitByte(Steps steps, String what, Register from) {
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

  /** Lets go of its ends; from here on failures go to {@code answer}. */
  void end(Steps steps, Register answer) {
    steps.add(new Step.ReportTo(note(steps, "reporting failures to start"), result(answer)));
    ofProcess().forEach(steps::close);
  }
}
