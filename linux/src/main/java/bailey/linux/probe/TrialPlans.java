package bailey.linux.probe;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes the small plans of trials. Values only; any thread. */
final class TrialPlans {
  // struct clone_args: the byte of the field cgroup, the word of exit_signal
  private static final int CLONE_CGROUP = 80;
  private static final int EXIT_SIGNAL = 4;
  private static final int SIGCHLD = 17;

  private final KernelFeatures features;

  TrialPlans(KernelFeatures features) {
    this.features = features;
  }

  /** Steps in the executor itself: only such as leave it as it was. */
  Plan here(String name, Consumer<Steps> body) {
    var steps = new Steps(new Registers()).because("doctor");
    body.accept(steps);
    return plan(name, steps);
  }

  private Plan plan(String name, Steps steps) {
    return PlanVerifier.verify(
        new Plan("trying " + name, features.arch(), List.of(), steps.list()));
  }

  /**
   * Steps in a child in new namespaces, where they may do what they like. An ordinary user's child
   * is root of a new user namespace, as that user's containers are.
   *
   * @param namespaces CLONE_NEW flags
   */
  Plan inside(String name, long namespaces, Consumer<Steps> child) {
    return features.privileged()
        ? alone(name, namespaces, child)
        : asRootOfUserNamespace(name, namespaces, child);
  }

  /** The same, in a new user namespace in which the user's own id is root. */
  Plan asRootOfUserNamespace(String name, long namespaces, Consumer<Steps> child) {
    return alone(
        name,
        namespaces | Flags.CLONE_NEWUSER,
        steps -> {
          mapOwnIds(steps);
          child.accept(steps);
        });
  }

  /** In a new user namespace: makes this user, and nobody else, its root. */
  void mapOwnIds(Steps steps) {
    map(steps, "setgroups", "deny");
    map(steps, "uid_map", "0 " + Integer.toUnsignedString(features.uid()) + " 1\n");
    map(steps, "gid_map", "0 " + Integer.toUnsignedString(features.gid()) + " 1\n");
  }

  private static void map(Steps steps, String file, String text) {
    steps.write("writing " + file, Steps.cwd(), "/proc/self/" + file, text, OnError.FAIL);
  }

  /** Steps in a child in exactly these new namespaces. */
  Plan alone(String name, long namespaces, Consumer<Steps> child) {
    var steps = new Steps(new Registers()).because("doctor");
    var pidfd = new Datum.Space("pidfd", 4);
    child(steps, arguments(namespaces, pidfd), pidfd, child);
    return plan(name, steps);
  }

  /**
   * A child in exactly these new namespaces, which is told of by its start and waits until nobody
   * has the other end of the pipe that is sent along.
   */
  Plan waiting(String name, long namespaces) {
    var registers = new Registers();
    var steps = new Steps(registers).because("doctor");
    var go = registers.descriptor("go");
    var pid = registers.number("pid");
    var pidfdAt = new Datum.Space("pidfd", 4);
    var pidfd = registers.descriptor("child");
    steps.undo("closing the pipe", undo -> undo.close(go));
    var inner = new Steps(registers).because("doctor");
    inner.call(
        "waiting",
        OnError.IGNORE,
        Sys.READ,
        Operand.result(go),
        Operand.address(new Datum.Space("nothing", 8)),
        Operand.number(8));
    inner.add(new Step.End(note("ending"), Operand.number(0)));
    var arguments = arguments(namespaces, pidfdAt);
    steps.add(new Step.Spawn(note("cloning"), "the child", arguments, pid, inner.list()));
    steps.load("the child", pidfdAt, 0, 4, pidfd);
    reapAtTheEnd(steps, pidfd);
    steps.add(new Step.Report(note("telling"), Step.Signal.STARTED, Operand.result(pid)));
    steps.add(new Step.Await(note("waiting"), Operand.result(pidfd)));
    steps.add(new Step.Unwind(note("ending"), Operand.number(0)));
    var title = "trying " + name;
    return PlanVerifier.verify(new Plan(title, features.arch(), List.of(go), steps.list()));
  }

  private static void reapAtTheEnd(Steps steps, Register pidfd) {
    steps.undo(
        "reaping the child",
        undo -> {
          var end = undo.registers().number("end");
          undo.add(new Step.Reap(note("reaping"), Operand.result(pidfd), end));
          undo.close(pidfd);
        });
  }

  /** A child born in the cgroup of this path. */
  Plan bornIn(String name, String cgroup) {
    var steps = new Steps(new Registers()).because("doctor");
    var group = steps.open("opening " + cgroup, Steps.cwd(), cgroup, 0, "cgroup");
    var pidfd = new Datum.Space("pidfd", 4);
    var arguments = arguments(Flags.CLONE_INTO_CGROUP, pidfd);
    steps.store("the group", arguments, CLONE_CGROUP, 8, Operand.result(group));
    steps.undo("closing the group", undo -> undo.close(group));
    child(steps, arguments, pidfd, inner -> {});
    return plan(name, steps);
  }

  private static void child(
      Steps steps, Datum.Words arguments, Datum.Space pidfdAt, Consumer<Steps> body) {
    var registers = steps.registers();
    var ends = new Datum.Space("pipe", 8);
    var read = registers.descriptor("report");
    var write = registers.descriptor("reporting");
    var pidfd = registers.descriptor("child");
    steps.call(
        "making a pipe",
        Sys.PIPE2,
        Operand.address(ends),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN));
    steps.load("its end to read", ends, 0, 4, read);
    steps.load("its end to write", ends, 4, 4, write);
    steps.undo(
        "closing the pipe",
        undo -> {
          undo.close(read);
          // Closed before, if the child was made; its number then stands for nothing, since nothing
          // is opened after that.
          undo.call("closing the pipe", OnError.IGNORE, Sys.CLOSE, Operand.result(write));
        });
    var inner = new Steps(registers).because("doctor");
    inner.add(new Step.ReportTo(note("reporting to the parent"), Operand.result(write)));
    body.accept(inner);
    inner.add(new Step.End(note("ending"), Operand.number(0)));
    steps.add(new Step.Spawn(note("cloning"), "the child", arguments, null, inner.list()));
    steps.close(write);
    steps.load("the child", pidfdAt, 0, 4, pidfd);
    reapAtTheEnd(steps, pidfd);
    steps.add(new Step.Handshake(note("hearing from the child"), Operand.result(read)));
    steps.add(new Step.Unwind(note("ending"), Operand.number(0)));
  }

  /** In a child: has a child of its own do steps; its wait status goes to {@code status}. */
  void spawnAndReap(Steps steps, long flags, Register status, Consumer<Steps> body) {
    var pidfdAt = new Datum.Space("pidfd", 4);
    var pidfd = steps.registers().descriptor("grandchild");
    var inner =
        steps.inside(body.andThen(s -> s.add(new Step.End(note("ending"), Operand.number(0)))));
    steps.add(new Step.Spawn(note("cloning"), "its child", arguments(flags, pidfdAt), null, inner));
    steps.load("the child", pidfdAt, 0, 4, pidfd);
    steps.add(new Step.Reap(note("reaping"), Operand.result(pidfd), status));
    steps.close(pidfd);
  }

  /** struct clone_args (clone3(2)): a child that sends SIGCHLD, and its pidfd. */
  private static Datum.Words arguments(long flags, Datum.Space pidfd) {
    var words = new ArrayList<Operand>();
    words.add(Operand.number(flags | Flags.CLONE_PIDFD, Notation.CLONE));
    words.add(Operand.address(pidfd));
    for (int i = 2; i <= CLONE_CGROUP / 8; i++) {
      words.add(Operand.number(i == EXIT_SIGNAL ? SIGCHLD : 0));
    }
    return new Datum.Words("arguments", words);
  }

  static Step.Note note(String what) {
    return new Step.Note(what, "doctor");
  }
}
