package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleHooks;
import bailey.core.bundle.BundleHooks.Hook;
import bailey.core.bundle.BundleState;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.BundleRequest.StateText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;

/** Plans what is done with a bundle's container that was created. Any thread. */
public final class BundleStepsPlanner {
  private static final int EVENT = 32; // struct event of executor.c
  private static final int EVENT_VALUE = 16;

  private final KernelFeatures features;

  /** A planner for a machine. */
  public BundleStepsPlanner(KernelFeatures features) {
    this.features = features;
  }

  /**
   * Has the process execute its program, which it waits to be told.
   *
   * @param program that it executes
   * @param pid of the process
   * @param groups directories of its control groups
   * @param hooks where one of poststart fails, the container ends
   */
  public Plan start(
      String id,
      BundleState state,
      String program,
      long pid,
      List<String> groups,
      BundleHooks hooks,
      StateText told) {
    var steps = new Steps(new Registers());
    steps.because("start");
    lock(steps, state);
    var answer =
        steps.open(
            "opening the fifo started",
            Steps.cwd(),
            state.file(BundleState.STARTED),
            OpenFlags.O_NONBLOCK,
            "answer");
    // ENXIO: nobody waits there any more
    var waiting =
        steps.open(
            "looking for the process that waits",
            Steps.cwd(),
            state.file(BundleState.START),
            OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK,
            "waiting");
    steps.call(
        "telling it to execute its program",
        Sys.WRITE,
        result(waiting),
        Operand.text("1"),
        number(1));
    steps.close(waiting);
    steps.add(new Step.Await(note(steps, "waiting for the execution"), result(answer)));
    var event = new Datum.Space("what went wrong", EVENT);
    var size = steps.registers().number("size");
    steps.call(
        "reading what went wrong",
        size,
        OnError.allow(Errno.EAGAIN),
        Sys.READ,
        result(answer),
        Operand.address(event),
        number(EVENT));
    steps.close(answer);
    StateSteps.unlink(steps, state.file(BundleState.START), 0);
    StateSteps.unlink(steps, state.file(BundleState.STARTED), 0);
    var error = steps.registers().number("error");
    steps.when(
        "where something did",
        result(size),
        Step.Test.EQUAL,
        number(EVENT),
        inner -> {
          inner.load("the error", event, EVENT_VALUE, 8, error);
          keep(inner, state.file(BundleState.FAILED), event);
          inner.add(new Step.Fail(note(inner, "executing " + program), result(error)));
        });
    if (!hooks.poststart().isEmpty()) {
      steps.because("hooks.poststart");
      steps.undo("ending the container", undo -> end(undo, state, groups, hooks.poststop(), told));
      new HookSteps(told).run(steps, "poststart", hooks.poststart(), "running", number(pid), true);
    }
    return plan("start " + id, steps);
  }

  /** For who asks once more, as the command line does where a plan that was kept has failed. */
  private static void keep(Steps steps, String path, Datum event) {
    var file = steps.registers().descriptor("failed");
    steps.call(
        "making " + path,
        file,
        OnError.IGNORE,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(
            OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0600, Notation.OCTAL));
    steps.call(
        "keeping what went wrong",
        OnError.IGNORE,
        Sys.WRITE,
        result(file),
        Operand.address(event),
        number(EVENT));
    steps.close(file);
  }

  /**
   * What a process has said of its execution, in {@link BundleState#FAILED}.
   *
   * @return the kernel's error number, positive; empty if it did not say that
   */
  public static OptionalInt failure(byte[] said) {
    if (said.length != EVENT) {
      return OptionalInt.empty();
    }
    long error = ByteBuffer.wrap(said).order(ByteOrder.LITTLE_ENDIAN).getLong(EVENT_VALUE);
    return OptionalInt.of((int) -error);
  }

  /**
   * Removes what there is of it.
   *
   * @param force whether its first process is killed; else it has ended
   * @param groups directories of its control groups
   * @param poststop hooks, which do not keep anything from happening
   */
  public Plan delete(
      String id,
      BundleState state,
      boolean force,
      List<String> groups,
      List<Hook> poststop,
      StateText told) {
    var steps = new Steps(new Registers());
    steps.because("delete");
    lock(steps, state);
    if (force) {
      steps.add(
          new Step.KillNoted(
              note(steps, "killing its process"), new Datum.Text(state.file(BundleState.FIRST))));
    }
    end(steps, state, groups, poststop, told);
    return plan("delete " + id, steps);
  }

  private void end(
      Steps steps, BundleState state, List<String> groups, List<Hook> poststop, StateText told) {
    TeardownPlanner.kill(steps, features, groups);
    BundleEnd.remove(steps, state, groups);
    new HookSteps(told).run(steps, "poststop", poststop, "stopped", number(0), false);
  }

  private static void lock(Steps steps, BundleState state) {
    var lock = LockSteps.prepare(steps, state.file(BundleState.LOCK), "lock");
    lock.take(steps, LockSteps.Kind.EXCLUSIVE, true);
  }

  private Plan plan(String title, Steps steps) {
    return PlanVerifier.verify(new Plan(title, features.arch(), List.of(), steps.list()));
  }
}
