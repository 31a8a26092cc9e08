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
import java.util.function.Consumer;

/**
 * A process that enters what another one shall be in, starts that as its own sibling
 * (CLONE_PARENT), says which process it is, and ends.
 *
 * <p>The executor cannot enter for itself: from some namespaces there is no way back, pid and time
 * namespaces take only children, and it has to be the parent of what it supervises.
 */
final class GuideSteps {
  private final String because;
  private final Pipe reports;
  private final Pipe numbers;

  /**
   * In the executor, before the clone.
   *
   * @param reports where the guide and what it starts report failures
   */
  GuideSteps(Steps steps, Pipe reports) {
    this.because = steps.because();
    this.reports = reports;
    this.numbers = new Pipe(steps, "number");
  }

  /**
   * In the guide: what it and what it starts report by, to be kept when all else is closed. The
   * latter moves the second to the place of the first, {@link CommandSteps#REPORTS}.
   */
  List<Register> ways() {
    return List.of(numbers.write(), reports.write());
  }

  /** In the executor: starts it; {@code way} is what it does before and for the start. */
  void start(Steps steps, Datum arguments, Datum pidfd, Consumer<Steps> way) {
    steps.because(because);
    var child = steps.inside(inner -> guide(inner, way));
    steps.add(
        new Step.Spawn(
            note(steps, "starting a process to enter it"), "guide", arguments, null, child));
    var guide = steps.registers().descriptor("guide");
    steps.load("its pidfd", pidfd, 0, 4, guide);
    steps.close(reports.write());
    steps.close(numbers.write());
  }

  private void guide(Steps steps, Consumer<Steps> way) {
    steps.because(because);
    report(steps, reports);
    steps.close(numbers.read());
    CommandSteps.dieWithParent(steps);
    // Until it executes, nothing inside may look into it: it has the executor's descriptors.
    CommandSteps.open(steps, "keeping others out", false);
    way.accept(steps);
    steps.add(new Step.End(note(steps, "ending"), number(0)));
  }

  /** From here on failures go there. */
  static void report(Steps steps, Pipe reports) {
    steps.add(new Step.ReportTo(note(steps, "reporting failures"), result(reports.write())));
  }

  /** In the guide: starts a process and tells which one it is. */
  void spawn(Steps steps, String role, Datum arguments, Consumer<Steps> inside) {
    var pid = steps.registers().number("pid");
    var child = steps.inside(inside);
    steps.add(new Step.Spawn(note(steps, "starting the " + role), role, arguments, pid, child));
    var told = new Datum.Space("pid to tell", 8);
    steps.store("the pid of the " + role, told, 0, 8, result(pid));
    steps.call(
        "telling which process it is",
        Sys.WRITE,
        result(numbers.write()),
        Operand.address(told),
        number(8));
  }

  /** In the executor, when it has closed all that the guide needs: the process that was started. */
  Register await(Steps steps) {
    steps.because(because);
    var guide = steps.registers().descriptor("guide");
    var told = new Datum.Space("pid that was told", 8);
    var size = steps.registers().number("size");
    steps.add(new Step.Await(note(steps, "waiting for its start"), result(numbers.read())));
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
        "where there is none",
        result(size),
        Step.Test.DIFFERENT,
        number(8),
        inner -> {
          inner.add(new Step.Handshake(note(inner, "hearing why"), result(reports.read())));
          inner.add(new Step.Fail(note(inner, "entering it"), number(-Errno.ESRCH.number())));
        });
    var pid = steps.registers().number("pid");
    steps.load("its pid", told, 0, 8, pid);
    return pid;
  }

  /** In the executor: a handle of the process that was started, which ends it on every failure. */
  static Register handle(Steps steps, String role, Register pid) {
    var pidfd = steps.registers().descriptor("pidfd");
    steps.call("opening it", pidfd, OnError.FAIL, Sys.PIDFD_OPEN, result(pid), number(0));
    steps.undo("ending the " + role, undo -> FirstProcess.kill(undo, pidfd));
    return pidfd;
  }
}
