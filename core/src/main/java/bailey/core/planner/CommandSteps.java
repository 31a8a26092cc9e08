package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LaunchPlanner.Pipe;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a process of a container becomes a command, whether the first one or a further one. */
final class CommandSteps {
  /** Where a process that lets go of all descriptors but its streams keeps its way to report. */
  static final int REPORTS = 3;

  private static final int PR_SET_PDEATHSIG = 1;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int SIGKILL = 9;

  private final ContainerSpec spec;
  private final CredentialSteps credentials;

  CommandSteps(ContainerSpec spec, CredentialSteps credentials) {
    this.spec = spec;
    this.credentials = credentials;
  }

  /** The kernel forgets this when the credentials change, so that it has to be repeated then. */
  static void dieWithParent(Steps steps) {
    CredentialSteps.prctl(steps, "dying with the parent", PR_SET_PDEATHSIG, SIGKILL);
  }

  /** The end of the parent is no matter any more. */
  static void outliveParent(Steps steps) {
    CredentialSteps.prctl(steps, "outliving the parent", PR_SET_PDEATHSIG, 0);
  }

  /** Whether others may trace the process and open its memory (ptrace(2)). */
  static void open(Steps steps, String what, boolean on) {
    CredentialSteps.prctl(steps, what, PR_SET_DUMPABLE, on ? 1 : 0);
  }

  /** Takes the terminal, and lets go of all that the command shall not have. */
  void begin(Steps steps, @Nullable TerminalSteps terminal, Pipe reports) {
    if (terminal != null) {
      terminal.take(steps);
    } else {
      TerminalSteps.ownGroup(steps);
    }
    keep(steps, "keeping the way to report", reports);
    steps.add(new Step.ReportTo(note(steps, "reporting failures"), number(REPORTS)));
    closeRest(steps);
  }

  static void keep(Steps steps, String what, Pipe pipe) {
    steps.call(
        what,
        Sys.DUP3,
        result(pipe.write()),
        number(REPORTS),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
  }

  static void closeRest(Steps steps) {
    steps.call(
        "closing what else is open", Sys.CLOSE_RANGE, number(REPORTS + 1), number(-1), number(0));
  }

  /** All that the executor kept back. */
  static void letSignalsIn(Steps steps) {
    steps.call(
        "letting signals in",
        Sys.RT_SIGPROCMASK,
        number(2),
        Operand.address(new Datum.Words("no signals", List.of(number(0)))),
        number(0),
        number(8));
  }

  /** The filter comes last where it can, since it refuses some of what goes before. */
  void execute(Steps steps, List<String> command) {
    steps.because("the command");
    steps.call("creating files with usual modes", Sys.UMASK, Operand.number(0022, Notation.OCTAL));
    letSignalsIn(steps);
    if (spec.noNewPrivileges()) {
      credentials.filter(steps);
    }
    steps.because("the command");
    ExecSteps.execute(steps, command, spec.environment());
  }
}
