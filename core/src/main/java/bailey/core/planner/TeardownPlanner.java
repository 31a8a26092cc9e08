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
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.LockSteps.Kind;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Plans the removal of what is left of a container: its tasks are killed, then its groups go, last
 * its record, so that whatever interrupts this leaves a record of what is still to be done. Any
 * thread.
 *
 * <p>It first takes the lock that the container's keeper would hold. Where somebody has it the plan
 * fails with EAGAIN at its step {@link #claims}; where the directory is gone, with ENOENT; where
 * another container has got the name meanwhile, with ESTALE.
 */
public final class TeardownPlanner {
  private static final String CLAIM = "claiming ";

  private final KernelFeatures features;

  /** A planner for a machine. */
  public TeardownPlanner(KernelFeatures features) {
    this.features = features;
  }

  /** Whether {@code step} is where a plan of this planner finds out that it may not go on. */
  public static boolean claims(Step step) {
    return step.note().because().startsWith(CLAIM);
  }

  /** The plan. */
  public Plan plan(TeardownRequest request) {
    var steps = new Steps(new Registers());
    var files = request.state();
    var gate = LockSteps.prepare(steps, files.gate(), "gate");
    var lock = LockSteps.prepare(steps, files.file(StateFiles.LOCK), "lock");
    claim(steps, request, gate, lock);
    steps.because("its tasks");
    kill(steps, features, request.groups());
    removeGroups(steps, request.groups());
    if (request.removed() || request.stray()) {
      steps.because("its record");
      StateSteps.removeAll(steps, files, true);
    }
    lock.release(steps);
    return PlanVerifier.verify(
        new Plan("remove " + request.name(), features.arch(), List.of(), steps.list()));
  }

  /**
   * With the gate held nobody makes a directory, so that the lock is free only if nobody looks
   * after the container. Its keeper may have removed it all between the opening and the locking of
   * its lock: then the file cannot be opened again.
   */
  static void claim(Steps steps, TeardownRequest request, LockSteps gate, LockSteps lock) {
    var files = request.state();
    steps.because("the state directory");
    gate.take(steps, Kind.EXCLUSIVE, true);
    steps.because(CLAIM + request.name());
    if (request.stray()) {
      steps.mkdir("taking the name " + request.name(), files.directory(), 0700, OnError.FAIL);
      steps.undo("giving the name back", undo -> StateSteps.removeAll(undo, files, false));
    }
    lock.takeIfFree(steps, Kind.EXCLUSIVE, true);
    var again =
        steps.open("looking for it again", Steps.cwd(), files.file(StateFiles.LOCK), 0, "again");
    steps.close(again);
    request.id().ifPresent(id -> compare(steps, files, id));
    steps.because("the state directory");
    gate.release(steps);
  }

  static void compare(Steps steps, StateFiles files, long id) {
    steps.add(
        new Step.Collect(
            new Step.Note("reading what it is to be", steps.because()),
            StateFiles.INTENT,
            Steps.cwd(),
            new Datum.Text(files.file(StateFiles.INTENT))));
    var found = steps.registers().number("id");
    steps.add(
        new Step.Find(new Step.Note("looking for its id", steps.because()), StateFiles.ID, found));
    steps.when(
        "where it is another",
        Operand.result(found),
        Step.Test.DIFFERENT,
        Operand.number(id),
        inner ->
            inner.add(
                new Step.Fail(
                    new Step.Note("going on with another container", inner.because()),
                    Operand.number(-Errno.ESTALE.number()))));
  }

  /** Kills all that is in some groups. */
  static void kill(Steps steps, KernelFeatures features, List<String> groups) {
    var layout = features.cgroups();
    for (var group : groups) {
      if (isIn(layout.mounts().get("freezer"), group)) { // a frozen task dies only after it thawed
        steps.write(
            "thawing " + group, Steps.cwd(), group + "/freezer.state", "THAWED", OnError.IGNORE);
      }
      if (features.atLeast(5, 14) && isIn(layout.unified().orElse(null), group)) {
        steps.write(
            "killing all in " + group, Steps.cwd(), group + "/cgroup.kill", "1", OnError.IGNORE);
      }
      withTasks(
          steps,
          group,
          (inner, procs) ->
              inner.add(
                  new Step.KillListed(
                      new Step.Note("killing all in " + group, inner.because()),
                      Operand.result(procs))));
    }
  }

  /** Has a list of the tasks of a group used, if there is such a group. */
  static void withTasks(Steps steps, String group, BiConsumer<Steps, Register> use) {
    var procs = steps.registers().number("procs");
    steps.call(
        "opening the list of its tasks",
        procs,
        OnError.allow(Errno.ENOENT, Errno.ENODEV),
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(group + "/cgroup.procs"),
        Operand.number(Flags.OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
    steps.when(
        "where it is there",
        Operand.number(-1),
        Step.Test.LESS,
        Operand.result(procs),
        inner -> {
          use.accept(inner, procs);
          inner.call("closing the list", OnError.IGNORE, Sys.CLOSE, Operand.result(procs));
        });
  }

  private static boolean isIn(@Nullable String mount, String group) {
    return mount != null && group.startsWith(mount + "/");
  }

  private static void removeGroups(Steps steps, List<String> groups) {
    steps.because("its groups");
    for (var group : groups) {
      // of a boundary: all that the guest made, however deep, whether listed or not
      if (group.endsWith("/" + BoundaryGroups.IN)
          && groups.contains(group + "/" + BoundaryGroups.OWN)) {
        steps.add(
            new Step.RemoveGroups(
                new Step.Note("removing what the guest made", steps.because()),
                new Datum.Text(group)));
      }
    }
    for (var group : groups) {
      steps.callWhenFree(
          "removing the cgroup " + group,
          OnError.allow(Errno.ENOENT),
          Sys.UNLINKAT,
          Steps.cwd(),
          Operand.text(group),
          Operand.number(Flags.AT_REMOVEDIR, Notation.AT));
    }
  }
}
