package bailey.kernel.exec;

import bailey.core.abi.Arch;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Plans for tests: a command without any container, and whatever steps a test wants. */
final class SmallPlan {
  static final Arch ARCH = Arch.of(System.getProperty("os.arch"));
  private static final int SIGCHLD = 17;
  private static final int P_PIDFD = 3;
  private static final int WEXITED = 4;

  private SmallPlan() {}

  /** A plan of these steps. */
  static Plan of(String title, Consumer<Steps> body) {
    return PlanVerifier.verify(unverified(title, body));
  }

  /** A plan of these steps, sound or not. */
  static Plan unverified(String title, Consumer<Steps> body) {
    var steps = new Steps(new Registers()).because("a test");
    body.accept(steps);
    return new Plan(title, ARCH, List.of(), steps.list());
  }

  /**
   * Runs a command with these descriptors as 0, 1, 2 (as many as there are), waits for it, and
   * records {@code code} and {@code status} of its end (siginfo of waitid(2)).
   */
  static Plan command(int descriptors, String... argv) {
    var registers = new Registers();
    var sent = new ArrayList<Register>();
    for (int i = 0; i < descriptors; i++) {
      sent.add(registers.descriptor("stdio" + i));
    }
    var steps = new Steps(registers).because("a test");
    start(
        steps,
        0,
        child -> {
          for (int i = 0; i < descriptors; i++) {
            place(child, sent.get(i), i);
          }
          execute(child, argv);
        },
        sent);
    return PlanVerifier.verify(new Plan("run " + argv[0], ARCH, sent, steps.list()));
  }

  /** The child's last steps: nothing but 0, 1 and 2, no blocked signal, then the program. */
  static void execute(Steps child, String... argv) {
    var none = new Datum.Bytes("no signals", new byte[8]);
    var words = new ArrayList<Operand>();
    for (var argument : argv) {
      words.add(Operand.text(argument));
    }
    words.add(Operand.number(0));
    child.call(
        "unblocking signals",
        Sys.RT_SIGPROCMASK,
        Operand.number(2),
        Operand.address(none),
        Operand.number(0),
        Operand.number(8));
    child.call(
        "executing " + argv[0],
        Sys.EXECVE,
        Operand.text(argv[0]),
        Operand.address(new Datum.Words("argv", words)),
        Operand.result(Registers.environment()));
  }

  /** In a child: the descriptor becomes {@code number}, which exec does not close. */
  static void place(Steps child, Register descriptor, int number) {
    child.call(
        "placing a descriptor",
        Sys.DUP3,
        Operand.result(descriptor),
        Operand.number(number),
        Operand.number(0));
  }

  /**
   * Starts a child, tells of it, waits for it, and records how it ended.
   *
   * @param flags of clone3(2), such as new namespaces
   * @param child its steps, to an execve
   * @param closed descriptors that only the child needs
   */
  static void start(Steps steps, long flags, Consumer<Steps> child, List<Register> closed) {
    var registers = steps.registers();
    var ends = new Datum.Space("pipe", 8);
    var pidfdAt = new Datum.Space("pidfd", 4);
    var info = new Datum.Space("siginfo", 128);
    var read = registers.descriptor("report");
    var write = registers.descriptor("reporting");
    var pidfd = registers.descriptor("child");
    var pid = registers.number("pid");
    steps.call(
        "making a pipe",
        Sys.PIPE2,
        Operand.address(ends),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
    steps.load("its end", ends, 0, 4, read);
    steps.load("its other end", ends, 4, 4, write);
    var arguments =
        new Datum.Words(
            "clone",
            List.of(
                Operand.number(flags | Flags.CLONE_PIDFD, Notation.CLONE),
                Operand.address(pidfdAt),
                Operand.number(0),
                Operand.number(0),
                Operand.number(SIGCHLD),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0),
                Operand.number(0)));
    var inside = new Steps(registers).because("a test");
    inside.add(new Step.ReportTo(note("reporting"), Operand.result(write)));
    child.accept(inside);
    steps.add(new Step.Spawn(note("starting"), "the command", arguments, pid, inside.list()));
    steps.close(write);
    steps.load("the child", pidfdAt, 0, 4, pidfd);
    for (var descriptor : closed) {
      steps.close(descriptor);
    }
    steps.undo(
        "reaping",
        undo -> {
          undo.call(
              "killing",
              OnError.IGNORE,
              Sys.PIDFD_SEND_SIGNAL,
              Operand.result(pidfd),
              Operand.number(9),
              Operand.number(0),
              Operand.number(0));
          undo.call(
              "reaping",
              OnError.IGNORE,
              Sys.WAITID,
              Operand.number(P_PIDFD),
              Operand.result(pidfd),
              Operand.address(info),
              Operand.number(WEXITED),
              Operand.number(0));
          undo.close(read);
          undo.close(pidfd);
        });
    steps.add(new Step.Handshake(note("hearing of the start"), Operand.result(read)));
    steps.add(new Step.Report(note("telling"), Step.Signal.STARTED, Operand.result(pid)));
    steps.add(new Step.Await(note("waiting"), Operand.result(pidfd)));
    steps.call(
        "reaping",
        Sys.WAITID,
        Operand.number(P_PIDFD),
        Operand.result(pidfd),
        Operand.address(info),
        Operand.number(WEXITED),
        Operand.number(0));
    var code = steps.load("how", info, 8, 4, registers.number("code"));
    var status = steps.load("with what", info, 24, 4, registers.number("status"));
    steps.add(new Step.CollectNumber(note("noting"), "code", Operand.result(code)));
    steps.add(new Step.CollectNumber(note("noting"), "status", Operand.result(status)));
    steps.close(read);
    steps.close(pidfd);
    steps.add(new Step.SendRecord(note("sending")));
    steps.add(new Step.End(note("ending"), Operand.result(status)));
  }

  private static Step.Note note(String what) {
    return new Step.Note(what, "a test");
  }
}
