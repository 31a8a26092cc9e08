package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
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
import bailey.core.spec.NamespaceKind;
import java.util.List;

/**
 * Plans a mount namespace with nothing in it but an empty directory that cannot be written, of
 * which containers get copies ({@link EmptyRoot}). A process makes it, and holds it until the
 * descriptor that is sent with the plan has no writer any more. No state.
 */
public final class EmptyMountsPlanner {
  /** Where a copy of the machine's root is put together. */
  static final String ROOT = "/root";

  /** Where the machine's root is, while a copy of it is mounted. */
  static final String LOWER = "/lower";

  private static final int CAP_SYS_CHROOT = 18;
  private static final String PLACE = "/proc";
  private static final long NO_ESCAPE = Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC;

  private EmptyMountsPlanner() {}

  /** Whether this user may have it: who makes mount namespaces and enters them (setns(2)). */
  public static boolean isPossible(KernelFeatures features) {
    return features.machineRoot()
        && !features.surroundings().boundary()
        && features.has(CAP_SYS_CHROOT);
  }

  /**
   * The plan, which wants one descriptor: the reading end of a pipe. When it reports the start, the
   * process of which it tells is in the namespace.
   */
  public static Plan plan(KernelFeatures features) {
    var registers = new Registers();
    var end = registers.descriptor("end");
    var steps = new Steps(registers).because("empty mount namespace");
    var reports = new Pipe(steps, "report");
    var space = new Datum.Space("pidfd", 4);
    var pid = registers.number("pid");
    var child = steps.inside(inner -> hold(inner, reports, end));
    steps.add(
        new Step.Spawn(
            note(steps, "starting a process to make it"),
            "holder",
            CloneArguments.of(NamespaceKind.MNT.flag(), space),
            pid,
            child));
    var pidfd = registers.descriptor("pidfd");
    steps.load("its pidfd", space, 0, 4, pidfd);
    steps.undo("ending it", undo -> FirstProcess.kill(undo, pidfd));
    steps.close(end);
    steps.close(reports.write());
    steps.add(new Step.Await(note(steps, "waiting until it is made"), result(reports.read())));
    steps.add(new Step.Handshake(note(steps, "hearing how it went"), result(reports.read())));
    steps.close(reports.read());
    steps.add(
        new Step.Report(note(steps, "telling who holds it"), Step.Signal.STARTED, result(pid)));
    steps.add(new Step.Await(note(steps, "waiting for its end"), result(pidfd)));
    steps.add(new Step.Unwind(note(steps, "reaping it"), number(0)));
    return PlanVerifier.verify(
        new Plan("empty mount namespace", features.arch(), List.of(end), steps.list()));
  }

  private static void hold(Steps steps, Pipe reports, Register end) {
    GuideSteps.report(steps, reports);
    CommandSteps.dieWithParent(steps);
    CommandSteps.open(steps, "closing itself to others", false);
    new PivotRoot().begin(steps);
    steps.mount("mounting an empty directory", "tmpfs", PLACE, "tmpfs", NO_ESCAPE, "mode=0555");
    steps.call("entering it", Sys.CHDIR, Operand.text(PLACE));
    for (var place : List.of("proc", "sys", "dev", ROOT.substring(1), LOWER.substring(1))) {
      steps.mkdir("making a place to mount on", place, 0555, OnError.FAIL);
    }
    new PivotRoot().enterHere(steps);
    steps.because("empty mount namespace");
    steps.mount(
        "making it read-only",
        null,
        "/",
        null,
        Flags.MS_REMOUNT | Flags.MS_RDONLY | NO_ESCAPE,
        null);
    steps.close(reports.write());
    steps.call(
        "waiting until nobody needs it",
        OnError.IGNORE,
        Sys.READ,
        result(end),
        Operand.address(new Datum.Space("nothing", 8)),
        number(1));
    steps.add(new Step.End(note(steps, "ending"), number(0)));
  }

  /** Lets go of a mount and of all that is mounted in it. */
  static void letGo(Steps steps, String what, String path) {
    steps.call(
        what, Sys.UMOUNT2, Operand.text(path), Operand.number(Flags.MNT_DETACH, Notation.UMOUNT));
  }
}
