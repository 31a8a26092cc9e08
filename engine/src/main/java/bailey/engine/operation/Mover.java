package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.ContainerException;
import bailey.core.error.StateDamaged;
import bailey.core.error.StepFailed;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Pipe;
import bailey.core.kernel.PlanExecutor.Execution;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.core.kernel.PlanExecutor.Failure;
import bailey.core.plan.Plan;
import bailey.core.planner.MovePlanner;
import bailey.core.planner.MoveRequest;
import bailey.core.planner.MoveRequest.Batch;
import bailey.core.planner.MoveRequest.Stopper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one planned move: has the executor hold what is moved, sees that it has stopped and
 * that nothing is missing, and lets the executor go on, or not. Confined to one thread.
 */
final class Mover {
  /** How long a task may take to stop; one in state D takes as long as its device. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long PAUSE_NANOS = 100_000;
  private static final byte[] GO = {'g'};

  /** What is asked while the tasks are held. */
  interface Watch {
    /**
     * Further processes that belong to those that are held; asked until there are none.
     *
     * @param held the numbers of those that are held
     */
    List<Membership> more(List<Long> held);

    /**
     * Refuses what is held, by throwing; asked when all have stopped.
     *
     * @param held all that is held
     */
    void check(List<Membership> held);

    /** Whether a process is where it was to go. */
    boolean arrived(Membership process);
  }

  /** What became of an attempt. */
  sealed interface Outcome {
    /**
     * All are where they belong.
     *
     * @param moved the processes
     */
    record Done(List<Membership> moved) implements Outcome {}

    /** It has to be planned anew: other groups, another move on its way, remains of one. */
    record Again() implements Outcome {}
  }

  private final Machine machine;
  private final MoveWays.Holder holder;
  private final String attempt;

  /**
   * A mover.
   *
   * @param attempt for errors, such as {@code cannot attach process 12 to web}
   */
  Mover(Machine machine, String attempt) {
    this.machine = machine;
    this.holder = MoveWays.holder(machine);
    this.attempt = attempt;
  }

  /** What is moved, as it was found before. */
  record Expected(Batch batch, Map<String, String> groups, List<Membership> processes) {}

  Outcome move(MoveRequest request, List<Expected> expected, Watch watch) {
    var plan = new MovePlanner(machine.features()).plan(request);
    try (var pipe = machine.kernel().pipe(Pipe.Direction.TO_PROGRAM)) {
      var execution = machine.kernel().executor().execute(plan, List.of(pipe.far()));
      pipe.releaseFar();
      return attend(plan, execution, expected, watch, pipe);
    } catch (CompletionException e) {
      throw lost(request, e);
    }
  }

  private Outcome attend(
      Plan plan, Execution execution, List<Expected> expected, Watch watch, Pipe pipe) {
    if (execution.start().join().failure() != null) {
      return failed(plan, execution, List.of(), watch);
    }
    List<Membership> held;
    try {
      held = awaitStop(expected, watch);
      if (held != null) {
        go(pipe);
      }
    } catch (ContainerException e) {
      cancel(execution, pipe);
      throw e;
    } catch (CgroupFiles.Refused refused) {
      if (!cancel(execution, pipe)) { // it failed by itself, and has let go what it held
        return failed(plan, execution, List.of(), watch);
      }
      throw new ContainerBusy(attempt + ": " + refused.getMessage() + "; try again", refused);
    }
    if (held == null) {
      cancel(execution, pipe);
      return new Outcome.Again();
    }
    return execution.end().join().failure() == null
        ? new Outcome.Done(held)
        : failed(plan, execution, held, watch);
  }

  /** All goes back. Whether it was this that ended the plan. */
  private static boolean cancel(Execution execution, Pipe pipe) {
    pipe.close();
    var failure = execution.end().join().failure();
    return failure != null && failure.errno() == Errno.ECANCELED.number();
  }

  private static void go(Pipe pipe) {
    try {
      pipe.write(GO, 0, GO.length);
    } catch (Pipe.Broken _) {
      // the executor is gone; its end says so
    }
  }

  // ---- while they are held ----

  /** All that are held; null where it has to be planned anew. */
  private @Nullable List<Membership> awaitStop(List<Expected> expected, Watch watch) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean stopped = expected.stream().allMatch(e -> isStopped(e.batch()));
      var more = watch.more(listed(expected));
      for (var process : more) {
        if (!hold(expected, process)) {
          return null;
        }
      }
      if (stopped && more.isEmpty()) {
        break;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ContainerBusy(
            attempt
                + ": after "
                + PATIENCE.toSeconds()
                + " s one of the tasks still did not stop, so all are where they were; ps -eo"
                + " pid,state shows it in state D, waiting for a device");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return verified(expected, watch);
  }

  private boolean isStopped(Batch batch) {
    var group = group(batch);
    return switch (holder.stopper()) {
      case UNIFIED ->
          files()
              .read(holder.controller(), group, "cgroup.events")
              .lines()
              .anyMatch("frozen 1"::equals);
      case FREEZER ->
          files().read(holder.controller(), group, "freezer.state").strip().equals("FROZEN");
    };
  }

  private List<Long> listed(List<Expected> expected) {
    var all = new ArrayList<Long>();
    expected.forEach(e -> all.addAll(listed(e.batch())));
    return all;
  }

  private List<Long> listed(Batch batch) {
    return files()
        .read(holder.controller(), group(batch), "cgroup.procs")
        .lines()
        .map(Long::valueOf)
        .toList();
  }

  private CgroupFiles files() {
    return machine.kernel().cgroups();
  }

  /** The path of the group that holds a batch. */
  private String group(Batch batch) {
    return batch.hold().substring(holder.point().length() + 1);
  }

  /** Whether it comes from where others came from, so that it can be put back with them. */
  private boolean hold(List<Expected> expected, Membership process) {
    for (var e : expected) {
      boolean same =
          process.threads().stream().allMatch(thread -> thread.groups().equals(e.groups()));
      if (same) {
        try {
          files()
              .write(
                  holder.controller(),
                  group(e.batch()),
                  "cgroup.procs",
                  Long.toString(process.pid()));
        } catch (CgroupFiles.Refused refused) {
          if (refused.errno().filter(Errno.ESRCH::equals).isEmpty()) {
            throw refused;
          }
        }
        return true;
      }
    }
    return false;
  }

  /**
   * They run no more, so a number stands for one process now: it must be the one that was meant, or
   * a child of those that are held.
   */
  private @Nullable List<Membership> verified(List<Expected> expected, Watch watch) {
    var meant = new LinkedHashMap<Long, Membership>();
    expected.forEach(e -> e.processes().forEach(process -> meant.put(process.pid(), process)));
    var held = new ArrayList<Membership>();
    for (long pid : listed(expected)) {
      var process = machine.kernel().processes().membership(pid);
      if (process.isPresent()) {
        var before = meant.get(pid);
        if (before != null && !before.same(process.get())) {
          return null; // another one has its number
        }
        held.add(process.get());
      }
    }
    if (held.isEmpty()) {
      throw new BadRequest(attempt + ": it has ended meanwhile");
    }
    watch.check(held);
    return held;
  }

  // ---- failures ----

  private Outcome failed(Plan plan, Execution execution, List<Membership> held, Watch watch) {
    var failure = execution.end().join().failure();
    if (failure == null) {
      throw new IllegalStateException(plan.title() + " failed without a reason");
    }
    if (MovePlanner.claims(failure.step())) {
      if (failure.errno() == Errno.EBUSY.number()) {
        var _ = new MoveRecovery(machine).recover();
        return new Outcome.Again();
      }
      if (failure.errno() == Errno.EAGAIN.number()) {
        return new Outcome.Again();
      }
    }
    var stuck = new MoveRecovery(machine).recover().filter(text -> text.startsWith("kept"));
    var there = arrived(held, watch);
    if (!held.isEmpty() && there.size() == held.size()) {
      return new Outcome.Done(held); // it failed when all was done but tidying up
    }
    throw sentence(plan, failure, stuck.orElseGet(() -> condition(there, held, failure.errno())));
  }

  private List<Membership> arrived(List<Membership> held, Watch watch) {
    return held.stream()
        .filter(
            process ->
                machine
                    .kernel()
                    .processes()
                    .membership(process.pid())
                    .map(now -> !now.same(process) || watch.arrived(now))
                    .orElse(true))
        .toList();
  }

  private static String condition(List<Membership> there, List<Membership> held, int errno) {
    return there.isEmpty()
        ? "All is where it was" + remedy(errno)
        : there.size()
            + " of "
            + held.size()
            + " processes are in it, the others where they were; each is whole"
            + remedy(errno);
  }

  private ContainerException sentence(Plan plan, Failure failure, String condition) {
    String what =
        attempt
            + ": "
            + failure.step().note().what()
            + " (step "
            + failure.number()
            + " of "
            + plan.flattened().size()
            + ")";
    return new StepFailed(what, failure.number(), failure.errno(), condition, false);
  }

  private static String remedy(int number) {
    return number == Errno.ENOENT.number() || number == Errno.ENODEV.number()
        ? "; the container, or the group that it came from, was removed meanwhile"
        : number == Errno.EACCES.number() || number == Errno.EPERM.number()
            ? "; run bailey as root"
            : number == Errno.EBUSY.number()
                ? "; on cgroup v2 a group that hands on controllers takes no tasks"
                : "";
  }

  /** The executor ended in the middle: what it held is let go before anything else. */
  private StateDamaged lost(MoveRequest request, CompletionException e) {
    if (!(e.getCause() instanceof ExecutorLost lost)) {
      throw e;
    }
    var became = new MoveRecovery(machine).recover().orElse("all is where it was");
    return new StateDamaged(
        attempt
            + ": the executor ended in the middle of it, "
            + lost.getMessage()
            + "; "
            + became
            + " ("
            + request.title()
            + ")",
        lost);
  }

  /** The file by which a stopper's group is told from one that was removed. */
  static String listing(Stopper stopper) {
    return stopper == Stopper.UNIFIED ? "cgroup.threads" : "tasks";
  }
}
