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
import bailey.core.planner.MoveRequest.Batch;
import bailey.core.planner.MoveRequest.Leg;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plans moves of running tasks between control groups, so that each task is in the end in the one
 * container in every hierarchy of the kernel or in the other, whatever it does meanwhile and
 * whatever fails.
 *
 * <p>The kernel moves a process within one hierarchy at once, with the children that it forks from
 * then on. Between two hierarchies it knows no bond: a process that forks while it is in the new
 * group of one and in the old one of another has a child that stays like that. So what is moved is
 * held first: it enters a group of its own in the hierarchy of the freezer that is frozen already.
 * From then on it does not run, and what it forked since it entered is in that group too. All that
 * is in the group then goes the way in each other hierarchy, and in that of the freezer last, by
 * which it runs again.
 *
 * <p>Where it came from is recorded before the first step, so that {@link #recover} takes back what
 * an executor left that ended in the middle. From {@link MoveRequest#COMMITTED} on the way forward
 * is the shorter one. Any thread.
 */
public final class MovePlanner {
  private static final String CLAIM = "claiming the move";
  private static final String PROCS = "/cgroup.procs";
  private static final String THREADS = "/tasks";
  private static final String V2_THREADS = "/cgroup.threads";
  private static final int ALL_STUCK = 1;

  private final KernelFeatures features;

  /** A planner for a machine. */
  public MovePlanner(KernelFeatures features) {
    this.features = features;
  }

  /**
   * Whether {@code step} is where a plan of this planner finds out that it may not begin: another
   * move is on its way (EAGAIN), or was left unfinished (EBUSY), or is not the one to recover
   * (ESTALE).
   */
  public static boolean claims(Step step) {
    return step.note().because().equals(CLAIM);
  }

  /**
   * The plan of a move. It is sent with one descriptor: when it has told that it STARTED, all tasks
   * have been told to stop, and it goes on when it can read a byte, and takes everything back at
   * the end of file. Who writes the byte has seen that they have stopped.
   */
  public Plan plan(MoveRequest request) {
    var registers = new Registers();
    var go = registers.descriptor("go");
    var steps = new Steps(registers);
    var stuck = registers.number("stuck");
    steps.because(CLAIM);
    steps.add(new Step.Assign(note(steps, "nothing is stuck"), stuck, number(0)));
    var committed = committed(steps, 0);
    var lock = LockSteps.prepare(steps, request.record(), "move");
    lock.takeIfFree(steps, Kind.EXCLUSIVE, true);
    checkId(steps, request, 0, Errno.EBUSY);
    steps.because("the record of the move");
    steps.undo("forgetting the move", undo -> forget(undo, request, stuck));
    write(steps, request, request.text(), OpenFlags.O_TRUNC);
    for (var batch : request.batches()) {
      hold(steps, request, batch, undo -> putBack(undo, batch, committed, stuck));
    }
    await(steps, go);
    for (var batch : request.batches()) {
      batch.legs().forEach(leg -> go(steps, batch, leg));
    }
    steps.because("the record of the move");
    write(steps, request, MoveRequest.COMMITTED, OpenFlags.O_APPEND);
    committed(steps, 1);
    for (var batch : request.batches()) {
      steps.because("letting them go on");
      all(steps, "moving all to " + batch.last().to(), batch.hold(), batch.last().to(), null);
    }
    steps.because("the end of the move");
    request.batches().forEach(batch -> remove(steps, batch));
    truncate(steps, request, OnError.FAIL);
    lock.release(steps);
    return verified(request.title(), List.of(go), steps);
  }

  /** Whether nothing is left to do but the last step, which lets the tasks go on. */
  private static Register committed(Steps steps, long whether) {
    var committed = steps.registers().number("committed");
    String what = whether == 0 ? "not committed" : "committed";
    steps.add(new Step.Assign(note(steps, what), committed, number(whether)));
    return committed;
  }

  private Plan verified(String title, List<Register> descriptors, Steps steps) {
    return PlanVerifier.verify(new Plan(title, features.arch(), descriptors, steps.list()));
  }

  // ---- the record ----

  private static void checkId(Steps steps, MoveRequest request, long expected, Errno otherwise) {
    steps.add(
        new Step.Collect(
            note(steps, "reading what is recorded"),
            "move",
            Steps.cwd(),
            new Datum.Text(request.record())));
    var found = steps.registers().number("id");
    steps.add(new Step.Find(note(steps, "looking for its id"), MoveRequest.ID, found));
    steps.when(
        "where it is another",
        result(found),
        Step.Test.DIFFERENT,
        number(expected),
        inner ->
            inner.add(
                new Step.Fail(
                    note(inner, "finding another move recorded"), number(-otherwise.number()))));
  }

  private static void write(Steps steps, MoveRequest request, String text, long mode) {
    var file =
        steps.open(
            "opening " + request.record(),
            Steps.cwd(),
            request.record(),
            OpenFlags.O_WRONLY | mode,
            "record");
    var written = steps.registers().number("written");
    int size = KernelText.encode(text).length;
    steps.call(
        "writing " + request.record(),
        written,
        OnError.FAIL,
        Sys.WRITE,
        result(file),
        Operand.text(text),
        number(size));
    steps.when(
        "where not all of it was written",
        result(written),
        Step.Test.DIFFERENT,
        number(size),
        inner ->
            inner.add(
                new Step.Fail(
                    note(inner, "writing " + request.record()), number(-Errno.ENOSPC.number()))));
    steps.close(file);
  }

  /** What could not be put back stays recorded, for the next who tries. */
  private static void forget(Steps steps, MoveRequest request, Register stuck) {
    steps.when(
        "where all is back",
        result(stuck),
        Step.Test.EQUAL,
        number(0),
        inner -> truncate(inner, request, OnError.IGNORE));
  }

  private static void truncate(Steps steps, MoveRequest request, OnError onError) {
    var file = steps.registers().number("emptied");
    steps.call(
        "emptying " + request.record(),
        file,
        onError,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(request.record()),
        Operand.number(OpenFlags.O_WRONLY | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC, Notation.OPEN),
        number(0));
    steps.call("closing it", onError, Sys.CLOSE, result(file));
  }

  // ---- holding ----

  private static void hold(Steps steps, MoveRequest request, Batch batch, Consumer<Steps> putBack) {
    steps.because("holding what is moved");
    batch
        .parent()
        .ifPresent(
            parent ->
                steps.mkdir(
                    "making the cgroup " + parent, parent, 0755, OnError.allow(Errno.EEXIST)));
    steps.undo("removing the cgroup " + batch.hold(), undo -> remove(undo, batch));
    steps.mkdir("making the cgroup " + batch.hold(), batch.hold(), 0755, OnError.FAIL);
    steps.undo("putting all back", putBack);
    freeze(steps, request, batch, OnError.FAIL);
    var procs =
        steps.open(
            "opening " + batch.hold(),
            Steps.cwd(),
            batch.hold() + PROCS,
            OpenFlags.O_WRONLY,
            "held");
    for (long pid : batch.processes()) {
      String text = Long.toString(pid);
      steps.call(
          "holding process " + pid,
          OnError.allow(Errno.ESRCH), // it has ended
          Sys.WRITE,
          result(procs),
          Operand.text(text),
          number(text.length()));
    }
    steps.close(procs);
  }

  private static void freeze(Steps steps, MoveRequest request, Batch batch, OnError onError) {
    var stopper = request.stopper();
    steps.write(
        "freezing " + batch.hold(),
        Steps.cwd(),
        batch.hold() + "/" + stopper.file(),
        stopper.frozen(),
        onError);
  }

  /** A descriptor that was sent along becomes readable when all have stopped, or nobody asks. */
  private static void await(Steps steps, Register go) {
    steps.because("waiting until all have stopped");
    steps.add(
        new Step.Report(note(steps, "telling that they stop"), Step.Signal.STARTED, number(0)));
    steps.add(new Step.Await(note(steps, "waiting until they have stopped"), result(go)));
    var told = new Datum.Space("go", 8);
    var size = steps.registers().number("size");
    steps.call(
        "reading whether to go on",
        size,
        OnError.FAIL,
        Sys.READ,
        result(go),
        Operand.address(told),
        number(1));
    steps.close(go);
    steps.when(
        "where it is not to go on",
        result(size),
        Step.Test.DIFFERENT,
        number(1),
        inner ->
            inner.add(
                new Step.Fail(
                    note(inner, "waiting until they have stopped"),
                    number(-Errno.ECANCELED.number()))));
  }

  // ---- the way ----

  private static void go(Steps steps, Batch batch, Leg leg) {
    steps.because("moving");
    if (batch.threads().isEmpty()) {
      each(steps, "moving all to " + leg.to(), batch.hold(), leg.to(), null);
    } else {
      for (long tid : batch.threads()) {
        thread(steps, tid, leg.to(), THREADS, OnError.allow(Errno.ESRCH));
      }
    }
  }

  private static void thread(Steps steps, long tid, String group, String file, OnError onError) {
    steps.write(
        "moving thread " + tid + " to " + group,
        Steps.cwd(),
        group + file,
        Long.toString(tid),
        onError);
  }

  /** Those held go to a group of another hierarchy. */
  private static void each(
      Steps steps, String what, String hold, String to, @Nullable Register into) {
    place(steps, what, hold, to, false, into);
  }

  /** Those held leave the group that holds them. */
  private static void all(
      Steps steps, String what, String hold, String to, @Nullable Register into) {
    place(steps, what, hold, to, true, into);
  }

  private static void place(
      Steps steps, String what, String hold, String to, boolean leaving, @Nullable Register into) {
    steps.add(
        new Step.PlaceListed(
            note(steps, what),
            new Datum.Text(hold + PROCS),
            new Datum.Text(to + PROCS),
            leaving,
            into));
  }

  /** Others may have gone on at their target already, so that the way forward comes first then. */
  private static void putBack(Steps steps, Batch batch, Register committed, Register stuck) {
    steps.when(
        "where all the rest is done",
        result(committed),
        Step.Test.EQUAL,
        number(1),
        inner -> forward(inner, batch));
    back(steps, batch, stuck);
  }

  /** The same way back: what was not moved yet stays where it is. */
  private static void back(Steps steps, Batch batch, Register stuck) {
    for (var leg : batch.legs().reversed()) {
      if (batch.threads().isEmpty()) {
        watched(
            steps, stuck, into -> each(steps, "moving all back", batch.hold(), leg.from(), into));
      } else {
        batch.threads().forEach(tid -> thread(steps, tid, leg.from(), THREADS, OnError.IGNORE));
      }
    }
    for (var stray : batch.strays()) {
      thread(steps, stray.tid(), stray.group(), THREADS, OnError.IGNORE);
    }
    watched(
        steps,
        stuck,
        into -> all(steps, "moving all back", batch.hold(), batch.last().from(), into));
  }

  private interface Placing {
    void into(Register result);
  }

  private static void watched(Steps steps, Register stuck, Placing placing) {
    var moved = steps.registers().number("moved");
    placing.into(moved);
    steps.when(
        "where one could not be moved",
        result(moved),
        Step.Test.LESS,
        number(0),
        inner ->
            inner.add(new Step.Assign(note(inner, "remembering that"), stuck, number(ALL_STUCK))));
  }

  private static void remove(Steps steps, Batch batch) {
    steps.callWhenFree(
        "removing the cgroup " + batch.hold(),
        OnError.IGNORE,
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(batch.hold()),
        Operand.number(Flags.AT_REMOVEDIR, Notation.AT));
  }

  // ---- after a crash ----

  /**
   * The plan that ends a move which was left in the middle.
   *
   * @param request what is recorded of it; which processes it moved does not matter
   * @param committed whether it is to be ended at its target
   */
  public Plan recover(MoveRequest request, boolean committed) {
    var steps = new Steps(new Registers());
    var stuck = steps.registers().number("stuck");
    steps.because(CLAIM);
    var lock = LockSteps.prepare(steps, request.record(), "move");
    lock.takeIfFree(steps, Kind.EXCLUSIVE, true);
    checkId(steps, request, request.id(), Errno.ESTALE);
    steps.because("a move that was interrupted");
    steps.add(new Step.Assign(note(steps, "nothing is stuck"), stuck, number(0)));
    for (var batch : request.batches()) {
      recover(steps, request, batch, committed, stuck);
    }
    steps.when(
        "where one could not be moved",
        result(stuck),
        Step.Test.DIFFERENT,
        number(0),
        inner ->
            inner.add(
                new Step.Fail(note(inner, "moving all back"), number(-Errno.EBUSY.number()))));
    truncate(steps, request, OnError.FAIL);
    lock.release(steps);
    return verified("end " + request.title(), List.of(), steps);
  }

  private static void recover(
      Steps steps, MoveRequest request, Batch batch, boolean committed, Register stuck) {
    freeze(steps, request, batch, OnError.IGNORE);
    var there = steps.registers().number("there");
    steps.call(
        "looking for " + batch.hold(),
        there,
        OnError.allow(Errno.ENOENT),
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(batch.hold() + PROCS),
        Operand.number(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN),
        number(0));
    steps.when(
        "where it is there",
        number(-1),
        Step.Test.LESS,
        result(there),
        inner -> {
          inner.call("closing it", OnError.IGNORE, Sys.CLOSE, result(there));
          if (committed) {
            forward(inner, batch);
          }
          back(inner, batch, stuck);
          remove(inner, batch);
        });
  }

  /** Where that does not work any more, because the target is gone, the way back is left. */
  private static void forward(Steps steps, Batch batch) {
    var moved = steps.registers().number("moved");
    all(steps, "moving all to " + batch.last().to(), batch.hold(), batch.last().to(), moved);
  }

  // ---- one hierarchy ----

  /**
   * The plan of a move within one hierarchy, which the kernel does at once: a process with all its
   * threads and the children that it forks from then on, or a single thread.
   *
   * @param title what is moved where
   * @param task number of the process or thread
   * @param group the absolute path of the group that it goes to
   * @param thread whether it is a thread
   */
  public Plan single(String title, long task, String group, boolean thread) {
    var steps = new Steps(new Registers());
    boolean unified = features.cgroups().mounts().isEmpty();
    steps.because("moving");
    steps.write(
        "moving " + (thread ? "thread " : "process ") + task + " to " + group,
        Steps.cwd(),
        group + (thread ? unified ? V2_THREADS : THREADS : PROCS),
        Long.toString(task),
        OnError.FAIL);
    return verified(title, List.of(), steps);
  }
}
