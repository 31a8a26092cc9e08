package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * Plans the removal of a container in which nothing is and never was a command. Unlike {@link
 * TeardownPlanner} it kills nothing: the kernel removes no group that has a task or a group in it
 * (EBUSY), and then the plan fails with that. Any thread.
 *
 * <p>Where the container has several groups, all but the first are looked at before any is removed,
 * since a group that is made again has lost its limits. Who puts a task into one of them between
 * that and its removal, by hand, makes the plan fail in the middle: then groups are missing.
 *
 * <p>It fails where {@link TeardownPlanner#claims} tells in the same way as that planner's plan,
 * and with EBUSY where the container has a task of its own or a process that waits until it is
 * empty.
 */
public final class RemovalPlanner {
  /** What is there only where somebody is to be ended first. */
  private static final List<String> OF_SOMEBODY = List.of(StateFiles.FIRST, StateFiles.KEEPER);

  /** What is recorded of such a container if nothing was ever said of it since it was made. */
  private static final List<String> USUAL =
      List.of(StateFiles.MADE, StateFiles.INTENT, StateFiles.LOCK);

  private final KernelFeatures features;

  /** A planner for a machine. */
  public RemovalPlanner(KernelFeatures features) {
    this.features = features;
  }

  /**
   * The plan.
   *
   * @param request with the groups that it may have, in the order in which they are removed; they
   *     need not be there
   */
  public Plan plan(TeardownRequest request) {
    var steps = new Steps(new Registers());
    var files = request.state();
    var gate = LockSteps.prepare(steps, files.gate(), "gate");
    var lock = LockSteps.prepare(steps, files.file(StateFiles.LOCK), "lock");
    TeardownPlanner.claim(steps, request, gate, lock);
    steps.because("nothing may be in it");
    OF_SOMEBODY.forEach(file -> needMissing(steps, files.file(file)));
    request.groups().stream().skip(1).forEach(group -> needEmpty(steps, group));
    steps.because("its groups");
    request.groups().forEach(group -> remove(steps, group));
    steps.because("its record");
    removeRecord(steps, files);
    lock.release(steps);
    return PlanVerifier.verify(
        new Plan("remove " + request.name(), features.arch(), List.of(), steps.list()));
  }

  private static void needMissing(Steps steps, String path) {
    var there = steps.registers().number("there");
    steps.call(
        "looking for " + path,
        there,
        OnError.allow(Errno.ENOENT),
        Sys.FACCESSAT2,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(0),
        Operand.number(0));
    steps.when(
        "where it is there",
        Operand.result(there),
        Step.Test.EQUAL,
        Operand.number(0),
        RemovalPlanner::refuse);
  }

  private static void refuse(Steps steps) {
    steps.add(
        new Step.Fail(
            new Step.Note("removing what is in use", steps.because()),
            Operand.number(-Errno.EBUSY.number())));
  }

  private static void needEmpty(Steps steps, String group) {
    var size = steps.registers().number("size");
    steps.add(
        new Step.Assign(new Step.Note("none is seen", steps.because()), size, Operand.number(0)));
    TeardownPlanner.withTasks(
        steps,
        group,
        (inner, procs) ->
            inner.call(
                "looking for a task in " + group,
                size,
                OnError.IGNORE,
                Sys.READ,
                Operand.result(procs),
                Operand.address(new Datum.Space("the first of them", 8)),
                Operand.number(1)));
    steps.when(
        "where there is one",
        Operand.number(0),
        Step.Test.LESS,
        Operand.result(size),
        RemovalPlanner::refuse);
  }

  private static void remove(Steps steps, String group) {
    steps.call(
        "removing the cgroup " + group,
        OnError.allow(Errno.ENOENT),
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(group),
        Operand.number(Flags.AT_REMOVEDIR, Notation.AT));
  }

  /** Most have nothing but the usual files, so that the others are looked for only where it has. */
  private static void removeRecord(Steps steps, StateFiles files) {
    USUAL.forEach(file -> StateSteps.unlink(steps, files.file(file), 0));
    var removed = steps.registers().number("removed");
    steps.call(
        "removing " + files.directory(),
        removed,
        OnError.IGNORE,
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(files.directory()),
        Operand.number(Flags.AT_REMOVEDIR, Notation.AT));
    steps.when(
        "where more is in it",
        Operand.result(removed),
        Step.Test.LESS,
        Operand.number(0),
        inner -> StateSteps.removeAll(inner, files, true));
  }
}
