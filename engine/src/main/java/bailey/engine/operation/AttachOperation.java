package bailey.engine.operation;

import bailey.MoveResult;
import bailey.MoveResult.Moved;
import bailey.MoveResult.Stayed;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.StepFailed;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Nature;
import bailey.core.kernel.PlanExecutor.Failure;
import bailey.core.planner.MovePlanner;
import bailey.engine.journal.Recorded;
import bailey.engine.operation.MovePlan.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts processes that run into containers: all that were asked for, or none. */
public final class AttachOperation {
  /** How long other moves are waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long PAUSE_NANOS = 500_000;
  private static final int MOST_NAMED = 3;

  private final Machine machine;

  /** On a machine. */
  public AttachOperation(Machine machine) {
    this.machine = machine;
  }

  /**
   * Puts processes into a container, with all their threads and what they start meanwhile.
   *
   * @throws BadRequest if one of them may not come in, saying why; then none does
   */
  public MoveResult attach(ContainerPath name, List<Long> pids) {
    check(pids, "process");
    return repeatedly(name, attempt(name, "process", pids), () -> asked(pids), false);
  }

  /** As {@link #attach}, if the user who asks may move them. */
  public MoveResult attachOwn(ContainerPath name, List<Long> pids, OwnProcesses own) {
    check(pids, "process");
    String attempt = attempt(name, "process", pids);
    return repeatedly(name, attempt, () -> own.checked(attempt, asked(pids)), false);
  }

  /**
   * Puts processes and all their descendants into a container, those that are being started
   * meanwhile too. Descendants that are in another container than the processes stay there.
   */
  public MoveResult attachTree(ContainerPath name, List<Long> pids) {
    check(pids, "process");
    return repeatedly(
        name, attempt(name, "process", pids) + " with all below", () -> tree(pids), true);
  }

  /** Processes to be moved, and those that are left out. */
  record Candidates(List<Membership> processes, List<Stayed> stayed) {}

  /** Looks up who is to be moved; again before each attempt. */
  interface Lookup {
    Candidates look();
  }

  /**
   * Puts what is looked up into a container.
   *
   * @param attempt for errors
   */
  MoveResult move(ContainerPath name, String attempt, Lookup lookup) {
    return move(name, attempt, lookup, false);
  }

  /**
   * As {@link #move(ContainerPath, String, Lookup)}.
   *
   * @param withDescendants whether also those are moved that are started meanwhile by others than
   *     those that are moved themselves
   */
  MoveResult move(ContainerPath name, String attempt, Lookup lookup, boolean withDescendants) {
    return repeatedly(name, attempt, lookup, withDescendants);
  }

  /** Puts a process of a container that somebody took out of some of its groups back into them. */
  MoveResult putBack(ContainerPath name, Membership process) {
    String attempt = "cannot put process " + process.pid() + " back into " + name;
    return repeatedly(
        attempt,
        () ->
            new Attend(
                    target(machine, name),
                    new MoveWays(machine, machine.find(name)),
                    attempt,
                    again(process),
                    false,
                    _ -> {}) // it was let in when it was started
                .once());
  }

  private Candidates again(Membership process) {
    return new Candidates(
        machine.kernel().processes().membership(process.pid()).filter(process::same).stream()
            .toList(),
        List.of());
  }

  static void check(List<Long> numbers, String what) {
    if (numbers.isEmpty()) {
      throw new BadRequest("attach: no " + what + " is given; name it by its number");
    }
    for (long number : numbers) {
      if (number <= 0 || number > Integer.MAX_VALUE) {
        throw new BadRequest("attach: " + number + " is not the number of a " + what);
      }
    }
  }

  static String attempt(ContainerPath name, String what, List<Long> numbers) {
    return attempt("attach", name, what, numbers);
  }

  static String attempt(String verb, ContainerPath name, String what, List<Long> numbers) {
    var named = numbers.stream().limit(MOST_NAMED).map(String::valueOf);
    String more =
        numbers.size() > MOST_NAMED ? " and " + (numbers.size() - MOST_NAMED) + " more" : "";
    return "cannot "
        + verb
        + " "
        + what
        + " "
        + named.collect(Collectors.joining(", "))
        + more
        + " to "
        + name;
  }

  // ---- who ----

  private Candidates asked(List<Long> pids) {
    var processes = new ArrayList<Membership>();
    var stayed = new ArrayList<Stayed>();
    for (long pid : new TreeSet<>(pids)) {
      var found = machine.kernel().processes().membership(pid);
      if (found.isEmpty()) {
        long process = machine.kernel().processes().processOf(pid).orElse(pid);
        if (process != pid) {
          throw new BadRequest(
              "attach: "
                  + pid
                  + " is a thread of process "
                  + process
                  + "; name that, or move the thread alone by --thread");
        }
        stayed.add(new Stayed(pid, "", "is gone"));
      } else {
        movable(found.get());
        processes.add(found.get());
      }
    }
    return new Candidates(processes, stayed);
  }

  /** Refuses what cannot be moved by anybody. */
  static void movable(Membership process) {
    movable("attach", process);
  }

  static void movable(String verb, Membership process) {
    var reason =
        switch (process.nature()) {
          case KERNEL -> "is a thread of the kernel, which stays where it is";
          case EXECUTOR ->
              "is bailey's own: it looks after a container; attach to a container what runs, not"
                  + " its keeper";
          case PROGRAM -> "";
        };
    if (!reason.isEmpty()) {
      throw new BadRequest(
          "cannot "
              + verb
              + " process "
              + process.pid()
              + " ("
              + process.command()
              + "): it "
              + reason);
    }
  }

  /** Processes and all below them, but what is in another container than these. */
  Candidates tree(List<Long> pids) {
    var tops = asked(pids);
    var processes = new ArrayList<>(tops.processes());
    var stayed = new ArrayList<>(tops.stayed());
    for (var process : descendants(pids)) {
      var reason = excluded(tops.processes(), process);
      if (reason.isEmpty()) {
        processes.add(process);
      } else {
        stayed.add(new Stayed(process.pid(), process.command(), reason));
      }
    }
    return new Candidates(processes, stayed);
  }

  /** All below some processes, not these themselves. */
  private List<Membership> descendants(Collection<Long> of) {
    var processes = machine.kernel().processes();
    var found = new LinkedHashMap<Long, Membership>();
    var parents = processes.parents();
    parents
        .keySet()
        .forEach(
            pid -> {
              if (!of.contains(pid) && isBelow(pid, of, parents)) {
                processes.membership(pid).ifPresent(p -> found.put(pid, p));
              }
            });
    return List.copyOf(found.values());
  }

  private static boolean isBelow(long pid, Collection<Long> of, Map<Long, Long> parents) {
    long at = pid;
    for (int depth = 0; depth < parents.size(); depth++) { // numbers may be used again: no circle
      at = parents.getOrDefault(at, 0L);
      if (at == 0) {
        return false;
      }
      if (of.contains(at)) {
        return true;
      }
    }
    return false;
  }

  /** Why a descendant is not moved with the tops of its tree; empty where it is. */
  private String excluded(Collection<Membership> tops, Membership process) {
    var container = MoveWays.container(machine, process);
    if (process.nature() == Nature.EXECUTOR) {
      return "is bailey's own";
    }
    if (isOwn(process)) {
      return "is this command itself";
    }
    boolean apart =
        container.isPresent()
            && tops.stream().noneMatch(top -> container.equals(MoveWays.container(machine, top)));
    return apart ? "is in container " + container.get() : "";
  }

  /** The command line's process is there for one command. */
  private boolean isOwn(Membership process) {
    var processes = machine.kernel().processes();
    return machine.kernel().starter().isPresent()
        && (process.pid() == processes.self().pid() || process.pid() == processes.planner());
  }

  // ---- the move ----

  private MoveResult repeatedly(
      ContainerPath name, String attempt, Lookup lookup, boolean withDescendants) {
    var moved = repeatedly(attempt, () -> once(name, attempt, lookup, withDescendants));
    new CpuPlacement(machine).arrived(name);
    return moved;
  }

  /** Something that other moves can be in the way of. */
  interface Try {
    /** What became of it; null where it has to be tried again. */
    @Nullable MoveResult once();
  }

  static MoveResult repeatedly(String attempt, Try tried) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var result = tried.once();
      if (result != null) {
        return result;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ContainerBusy(
            attempt
                + ": other tasks were being moved for the last "
                + PATIENCE.toSeconds()
                + " s; try again");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private @Nullable MoveResult once(
      ContainerPath name, String attempt, Lookup lookup, boolean withDescendants) {
    var target = target(machine, name);
    var ways = new MoveWays(machine, target);
    var candidates = lookup.look();
    if (candidates.processes().isEmpty()) {
      if (candidates.stayed().stream().allMatch(s -> s.command().isEmpty())) {
        throw gone(candidates.stayed().stream().map(Stayed::pid).toList());
      }
      return new MoveResult(List.of(), candidates.stayed(), List.of());
    }
    var admission = new Admission(machine, target, ways);
    return new Attend(
            target,
            ways,
            attempt,
            candidates,
            withDescendants,
            processes -> admission.check(attempt, processes))
        .once();
  }

  /** The error where the kernel refuses a move that is one step. */
  static StepFailed stayed(String attempt, Failure failure) {
    return new StepFailed(
        attempt + ": " + failure.step().note().what(),
        failure.number(),
        failure.errno(),
        "It is where it was",
        false);
  }

  private static BadRequest gone(List<Long> pids) {
    return new BadRequest(
        "attach: there is no process "
            + pids.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + "; ps -e lists those there are");
  }

  /** A container that tasks may be put into. */
  static Recorded target(Machine machine, ContainerPath name) {
    var recorded = machine.find(name);
    boolean takes =
        switch (recorded.state()) {
          case CREATED, RUNNING, FROZEN, UNATTENDED -> true;
          case STARTING, ENDED, ABANDONED, DAMAGED, GONE -> false;
        };
    if (!takes) {
      throw new ContainerBusy(
          "cannot attach to "
              + name
              + ": it is "
              + recorded.state()
              + "; make one by bailey create");
    }
    if (recorded.need().spec().boundary()) {
      throw new BadRequest(
          "cannot attach to "
              + name
              + ": it is a boundary, the root of the control groups for what is started in it;"
              + " start a new process in it by bailey exec "
              + name);
    }
    return recorded;
  }

  /** One attempt. */
  private final class Attend implements Mover.Watch {
    private final Recorded target;
    private final MoveWays ways;
    private final String attempt;
    private final Candidates candidates;
    private final boolean withDescendants;
    private final Consumer<Collection<Membership>> admission;

    Attend(
        Recorded target,
        MoveWays ways,
        String attempt,
        Candidates candidates,
        boolean withDescendants,
        Consumer<Collection<Membership>> admission) {
      this.target = target;
      this.ways = ways;
      this.attempt = attempt;
      this.candidates = candidates;
      this.withDescendants = withDescendants;
      this.admission = admission;
    }

    /** What became of it; null where it has to be tried again. */
    @Nullable MoveResult once() {
      var processes = candidates.processes();
      admission.accept(processes);
      if (processes.stream().anyMatch(process -> MoveWays.isHeld(machine, process))) {
        return null;
      }
      var plan = new MovePlan(machine, ways, attempt);
      var away = processes.stream().filter(plan::isAway).toList();
      if (away.isEmpty() && !withDescendants) {
        return result(processes, List.of());
      }
      if (plan.isSimple(away) && !withDescendants) {
        return single(plan.simple(away.getFirst()), away.getFirst());
      }
      long mover = machine.kernel().processes().planner();
      if (away.stream().anyMatch(p -> p.pid() == mover)) {
        throw new BadRequest(
            attempt
                + ": this process is one of them, and would be stopped while it moves itself; let"
                + " another process do it, for example bailey attach "
                + target.name()
                + " "
                + mover);
      }
      return switch (plan.move(away.isEmpty() ? processes : away, this)) {
        case Mover.Outcome.Again _ -> null;
        case Mover.Outcome.Done(var moved) ->
            result(
                moved,
                processes.stream().filter(p -> plan.isAway(p) && !contains(moved, p)).toList());
      };
    }

    private static boolean contains(List<Membership> all, Membership process) {
      return all.stream().anyMatch(process::same);
    }

    private MoveResult result(List<Membership> moved, List<Membership> ended) {
      var stayed = new ArrayList<>(candidates.stayed());
      ended.forEach(p -> stayed.add(new Stayed(p.pid(), p.command(), "ended meanwhile")));
      return new MoveResult(
          moved.stream().map(p -> new Moved(p.pid(), p.command())).toList(), stayed, List.of());
    }

    private MoveResult single(Task task, Membership process) {
      var plan =
          new MovePlanner(machine.features())
              .single(attempt.replaceFirst("^cannot ", ""), task.number(), task.group(), false);
      var failure = new PlanRun(machine).execute(plan, List.of()).failure();
      if (failure == null) {
        return result(List.of(process), List.of());
      }
      if (failure.errno() == Errno.ESRCH.number()) {
        throw gone(List.of(process.pid()));
      }
      throw stayed(attempt, failure);
    }

    @Override
    public List<Membership> more(List<Long> held) {
      if (!withDescendants || held.isEmpty()) {
        return List.of();
      }
      Predicate<Membership> belongs =
          process -> excluded(candidates.processes(), process).isEmpty();
      var of = new HashSet<>(held);
      candidates.processes().forEach(process -> of.add(process.pid()));
      return descendants(of).stream().filter(belongs).filter(this::isAway).toList();
    }

    private boolean isAway(Membership process) {
      return new MovePlan(machine, ways, attempt).isAway(process);
    }

    @Override
    public void check(List<Membership> held) {
      admission.accept(held);
    }

    @Override
    public boolean arrived(Membership process) {
      return !isAway(process);
    }
  }
}
