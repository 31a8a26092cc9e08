package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleHooks.Hook;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.BundleRequest.StateText;
import bailey.core.planner.LaunchPlanner.CloneArguments;
import bailey.core.planner.LaunchPlanner.Pipe;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that are run at points of a container's life, each with the container's state on its
 * standard input. What it writes goes nowhere: the streams of who starts it are the container's.
 */
final class HookSteps {
  private static final int F_SETPIPE_SZ = 1031;
  private static final int PIPE_SIZE = 1 << 20; // /proc/sys/fs/pipe-max-size without privileges

  private final StateText told;

  HookSteps(StateText told) {
    this.told = told;
  }

  /**
   * Runs them one after the other.
   *
   * @param when the name of these hooks
   * @param status of the container meanwhile
   * @param pid of its first process
   * @param needed whether one that fails is the end of all; else there is a warning, and the others
   *     go on (runtime.md, Lifecycle)
   */
  void run(Steps steps, String when, List<Hook> hooks, String status, Operand pid, boolean needed) {
    for (var hook : hooks) {
      steps.because("hooks." + when);
      var end = run(steps, hook, told.of(status), pid);
      if (needed) {
        refuse(steps, end.timedOut(), "running " + hook.path() + " in its time", Errno.ETIMEDOUT);
        refuse(
            steps,
            end.status(),
            "running " + hook.path() + ", which did not end with 0,",
            Errno.ECANCELED);
      } else {
        warn(steps, end, "hooks." + when + ": " + hook.path());
      }
    }
  }

  /** What became of one: both are 0 where it did what it should. */
  private record End(Register timedOut, Register status) {}

  private static End run(Steps steps, Hook hook, String text, Operand pid) {
    var input = new Pipe(steps, "hook");
    writeState(steps, input, text, pid);
    var pidfdSpace = new Datum.Space("hook's pidfd", 4);
    var child = steps.inside(inner -> execute(inner, hook, input));
    steps.add(
        new Step.Spawn(
            note(steps, "starting " + hook.path()),
            hook.path(),
            CloneArguments.of(0, pidfdSpace),
            null,
            child));
    var pidfd = steps.registers().descriptor("hook");
    steps.load("its pidfd", pidfdSpace, 0, 4, pidfd);
    steps.close(input.read());
    steps.close(input.write());
    var timedOut = steps.registers().number("hook timed out");
    steps.add(
        new Step.Supervise(
            note(steps, "waiting for " + hook.path()),
            result(pidfd),
            hook.seconds() * 1000L,
            null,
            timedOut));
    var status = steps.registers().number("hook status");
    steps.add(new Step.Reap(note(steps, "reaping " + hook.path()), result(pidfd), status));
    steps.close(pidfd);
    return new End(timedOut, status);
  }

  private static void warn(Steps steps, End end, String which) {
    steps.when(
        "where it failed",
        result(end.status()),
        Step.Test.DIFFERENT,
        number(0),
        inner -> {
          String text = "bailey: warning: " + which + " did not end with 0 in its time\n";
          inner.call(
              "saying so",
              OnError.IGNORE,
              Sys.WRITE,
              number(2),
              Operand.text(text),
              number(KernelText.encode(text).length));
        });
  }

  private static void refuse(Steps steps, Register value, String what, Errno errno) {
    steps.when(
        "where it failed",
        result(value),
        Step.Test.DIFFERENT,
        number(0),
        inner -> inner.add(new Step.Fail(note(inner, what), number(-errno.number()))));
  }

  /** All of it fits into the pipe, so that nobody has to read it. */
  private static void writeState(Steps steps, Pipe input, String text, Operand pid) {
    int length = KernelText.encode(text).length;
    if (length > 60_000) {
      steps.call(
          "making room in the pipe",
          Sys.FCNTL,
          result(input.write()),
          number(F_SETPIPE_SZ),
          number(PIPE_SIZE));
    }
    steps.call(
        "telling the state of the container",
        Sys.WRITE,
        result(input.write()),
        Operand.text(text),
        number(length));
    var digits = new Datum.Space("process", 24);
    var end = steps.registers().number("digits");
    steps.add(new Step.Decimal(note(steps, "telling its process"), digits, 0, pid, end));
    steps.call(
        "telling its process",
        Sys.WRITE,
        result(input.write()),
        Operand.address(digits),
        result(end));
    steps.call(
        "ending the state", Sys.WRITE, result(input.write()), Operand.text("}\n"), number(2));
  }

  private static void execute(Steps steps, Hook hook, Pipe input) {
    LaunchPlanner.dup(steps, input.read(), 0);
    var nowhere =
        steps.open("opening /dev/null", Steps.cwd(), "/dev/null", OpenFlags.O_WRONLY, "nowhere");
    LaunchPlanner.dup(steps, nowhere, 1);
    LaunchPlanner.dup(steps, nowhere, 2);
    steps.call(
        "closing what else is open",
        Sys.CLOSE_RANGE,
        number(3),
        number(-1),
        number(Flags.CLOSE_RANGE_CLOEXEC));
    CommandSteps.letSignalsIn(steps);
    steps.call("creating files with usual modes", Sys.UMASK, Operand.number(0022, Notation.OCTAL));
    var arguments = new ArrayList<Operand>();
    hook.arguments().forEach(argument -> arguments.add(Operand.text(argument)));
    arguments.add(number(0));
    var variables = new ArrayList<Operand>();
    hook.environment().forEach(variable -> variables.add(Operand.text(variable)));
    variables.add(number(0));
    steps.call(
        "executing " + hook.path(),
        Sys.EXECVE,
        Operand.text(hook.path()),
        Operand.address(new Datum.Words(hook.arguments().toString(), arguments)),
        Operand.address(new Datum.Words("its environment", variables)));
  }
}
