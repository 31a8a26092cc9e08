package bailey.engine.operation;

import bailey.GcResult;
import bailey.core.abi.Errno;
import bailey.core.container.Bindings;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerException;
import bailey.core.error.StateDamaged;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.core.planner.TeardownPlanner;
import bailey.core.planner.TeardownRequest;
import bailey.core.state.ContainerState;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;

/**
 * Compares what is recorded with what is there, and removes what nobody looks after any more. It
 * never touches a container that somebody looks after or whose first process runs, and no group
 * that is not one of a container's, or that has tasks and no record.
 */
public final class Reconciler {
  private final Machine machine;

  /** On a machine. */
  public Reconciler(Machine machine) {
    this.machine = machine;
  }

  /** What became of an attempt to remove something. */
  enum Outcome {
    /** It is removed. */
    REMOVED,
    /** Somebody looks after it. */
    ATTENDED,
    /** It is not there. */
    GONE
  }

  /**
   * Goes through everything.
   *
   * @param force whether what is damaged is removed as well
   */
  public GcResult collect(boolean force) {
    return collect(force, false);
  }

  /** As {@link #collect(boolean)}; then puts right what others have changed in what runs. */
  public GcResult repair(boolean force) {
    return collect(force, true);
  }

  private GcResult collect(boolean force, boolean repairs) {
    var removed = new ArrayList<String>();
    var repaired = new ArrayList<String>();
    var kept = new ArrayList<String>();
    new MoveRecovery(machine)
        .recover()
        .ifPresent(done -> (done.startsWith("removed ") ? removed : kept).add(done));
    // inner ones first, so that an outer one is empty when its turn comes
    for (var name : machine.journal().names().reversed()) {
      collect(name, force, removed, kept);
    }
    if (repairs) { // before: a group that was renamed looks like a stray one
      new DriftOperation(machine).repair(repaired, kept);
    }
    collectStrays(removed, kept);
    if (machine.state().hierarchy().equals(Bindings.DEFAULT)) {
      collectHierarchies(force, repairs, removed, repaired, kept);
    }
    removeBase();
    new ReportOperation(machine).prune();
    return new GcResult(removed, repaired, kept);
  }

  private void collectHierarchies(
      boolean force,
      boolean repairs,
      List<String> removed,
      List<String> repaired,
      List<String> kept) {
    removed.addAll(new ServingOperation(machine).collect());
    removed.addAll(new HierarchyOperation(machine).collect());
    for (var name : machine.bindings().hierarchies()) {
      if (!name.equals(Bindings.DEFAULT)) {
        var result = new Reconciler(machine.in(name)).collect(force, repairs);
        result.removed().forEach(sentence -> removed.add(sentence + ", of hierarchy " + name));
        result.repaired().forEach(sentence -> repaired.add(sentence + " (hierarchy " + name + ")"));
        result.kept().forEach(sentence -> kept.add(sentence + " (hierarchy " + name + ")"));
      }
    }
  }

  /**
   * Removes the group that the containers of another than the usual state directory are in, if
   * there are none: such directories come and go, as those of tests do.
   */
  public void removeBase() {
    if (!machine.usual() && machine.journal().names().isEmpty()) {
      machine.state().withGateIfFree(this::removeBaseNow);
    }
  }

  private void removeBaseNow() {
    var layout = machine.features().cgroups();
    if (layout.base().isEmpty() || !machine.journal().names().isEmpty()) {
      return;
    }
    String base = layout.base().get().substring(1);
    for (var controller : Groups.hierarchies(layout).keySet()) {
      try {
        machine.cgroups().rmdir(controller, base);
      } catch (CgroupFiles.Refused _) {
        // it was never made, or something else is in it
      }
    }
  }

  private void collect(ContainerPath name, boolean force, List<String> removed, List<String> kept) {
    try {
      var recorded = machine.journal().read(name);
      var sentence = tidy(recorded, force);
      if (!sentence.isEmpty()) {
        (sentence.startsWith("removed ") ? removed : kept).add(sentence);
      }
    } catch (ContainerException e) {
      kept.add("kept " + name + ": " + e.getMessage());
    }
  }

  /** Brings one container in order after its keeper was lost. */
  void reconcile(ContainerPath name) {
    tidy(machine.journal().read(name), false);
  }

  /** What was done, as a sentence that begins with "removed" or "kept"; empty if nothing was. */
  private String tidy(Recorded recorded, boolean force) {
    var name = recorded.name();
    return switch (recorded.state()) {
      case GONE, STARTING -> "";
      case RUNNING, FROZEN, CREATED -> {
        new OnEmptyOperation(machine).keepAgain(name);
        yield "";
      }
      case UNATTENDED ->
          "kept "
              + name
              + ": it runs, but nobody looks after it, so its end will not be recorded; bailey kill"
              + " "
              + name
              + " ends it";
      case ENDED -> tidyEnded(recorded);
      case ABANDONED -> {
        var attached = attached(recorded);
        if (!attached.isEmpty()) {
          yield "kept "
              + name
              + ": whoever made it is gone, but "
              + attached.size()
              + " processes were put into it, such as "
              + attached.iterator().next()
              + "; bailey rm --force "
              + name
              + " kills them";
        }
        yield remove(recorded, true) == Outcome.REMOVED
            ? "removed " + name + ": whoever ran it is gone, and so is its first process"
            : "";
      }
      case DAMAGED -> {
        if (force && remove(recorded, true) == Outcome.REMOVED) {
          yield "removed " + name + ": its record was damaged";
        }
        yield "kept "
            + name
            + ": its record is damaged ("
            + recorded.damage().map(Throwable::getMessage).orElse("")
            + "); "
            + (recorded.evidence().attended()
                ? "it runs: bailey rm --force " + name + " ends and removes it"
                : "bailey gc --force removes it and kills what is in its groups");
      }
    };
  }

  /**
   * What ended has no groups, unless it was made to be started later and is still to be removed.
   */
  private String tidyEnded(Recorded recorded) {
    var intent = recorded.need();
    boolean leftovers = groups(recorded).exist();
    if (!intent.spec().removed()) {
      return leftovers && remove(recorded, false) == Outcome.REMOVED
          ? "removed the control groups of " + recorded.name() + ", which has ended"
          : "";
    }
    return remove(recorded, true) == Outcome.REMOVED
        ? "removed " + recorded.name() + ", which had ended"
        : "";
  }

  /** Running processes in a container that no command was started in: they are somebody else's. */
  private Set<Long> attached(Recorded recorded) {
    boolean noCommand = recorded.intent().filter(i -> i.command().isEmpty()).isPresent();
    return noCommand ? groups(recorded).allTasks() : Set.of();
  }

  private Groups groups(Recorded recorded) {
    String base =
        recorded
            .intent()
            .map(Intent::cgroups)
            .filter(text -> !text.isEmpty())
            .or(() -> machine.features().cgroups().base())
            .orElse("/bailey");
    return Groups.of(machine.cgroups(), machine.features(), base, recorded.name());
  }

  /**
   * Removes a container that nobody looks after: kills what is in its groups, removes them and,
   * where {@code record} says so, what is recorded of it.
   */
  Outcome remove(Recorded recorded, boolean record) {
    if (record) {
      new OnEmptyOperation(machine).dismiss(recorded.name());
    }
    var request =
        new TeardownRequest(
            recorded.name(),
            machine
                .state()
                .files(recorded.name(), recorded.intent().map(Intent::report).orElse("none")),
            recorded.id(),
            false,
            groups(recorded).directories(),
            record);
    var outcome = remove(request);
    if (record && outcome == Outcome.REMOVED) {
      checkGone(request);
    }
    return outcome;
  }

  /** What bailey did not put into its directory it does not remove. */
  private void checkGone(TeardownRequest request) {
    if (machine.journal().read(request.name()).state() == ContainerState.DAMAGED) {
      throw new StateDamaged(
          "removing "
              + request.name()
              + ": something is in "
              + request.state().directory()
              + " that bailey did not put there; look at it, and remove it by rm -r");
    }
  }

  private Outcome remove(TeardownRequest request) {
    var plan = new TeardownPlanner(machine.features()).plan(request);
    try {
      var failure = new PlanRun(machine).execute(plan, List.of()).failure();
      if (failure == null) {
        return Outcome.REMOVED;
      }
      if (TeardownPlanner.claims(failure.step())) {
        if (failure.errno() == Errno.EAGAIN.number() || failure.errno() == Errno.EEXIST.number()) {
          return Outcome.ATTENDED;
        }
        if (failure.errno() == Errno.ENOENT.number() || failure.errno() == Errno.ESTALE.number()) {
          return Outcome.GONE;
        }
      }
      throw Refusal.of("cannot remove " + request.name(), plan, failure);
    } catch (CompletionException e) {
      if (e.getCause() instanceof ExecutorLost lost) {
        throw new StateDamaged(
            "removing "
                + request.name()
                + " failed: the executor ended in the middle of it, "
                + lost.getMessage()
                + "; bailey gc goes on",
            lost);
      }
      throw e;
    }
  }

  /** Groups of containers of which nothing is recorded. */
  private void collectStrays(List<String> removed, List<String> kept) {
    var base = machine.features().cgroups().base();
    if (base.isEmpty()) {
      return;
    }
    var strays = new TreeSet<ContainerPath>();
    for (var controller : Groups.hierarchies(machine.features().cgroups()).keySet()) {
      find(controller, base.get().substring(1), "", strays);
    }
    for (var name : strays) {
      try {
        collectStray(base.get(), name, removed, kept);
      } catch (ContainerException e) {
        kept.add("kept the control groups of " + name + ": " + e.getMessage());
      }
    }
  }

  /** The outermost ones: what is in them goes with them. */
  private void find(String controller, String base, String above, Set<ContainerPath> strays) {
    String path = above.isEmpty() ? base : base + "/" + above;
    List<String> children;
    try {
      children = machine.cgroups().children(controller, path);
    } catch (CgroupFiles.Refused _) {
      return; // not there
    }
    for (var child : children) {
      String below = above.isEmpty() ? child : above + "/" + child;
      var name = ContainerPath.ofDirectory(below);
      if (name.isPresent()) {
        if (isRecorded(name.get())) {
          find(controller, base, below, strays);
        } else {
          strays.add(name.get());
        }
      }
    }
  }

  private void collectStray(
      String base, ContainerPath name, List<String> removed, List<String> kept) {
    var groups = Groups.of(machine.cgroups(), machine.features(), base, name);
    var directories = new ArrayList<String>();
    var tasks = new TreeSet<Long>();
    // At one moment: containers of that name may come and go. If the gate is taken, the next call
    // finds what there is.
    machine
        .state()
        .withGateIfFree(
            () -> {
              if (!isRecorded(name)) {
                directories.addAll(groups.directories());
                tasks.addAll(groups.allTasks());
              }
            });
    if (directories.isEmpty()) {
      return;
    }
    if (!tasks.isEmpty()) {
      kept.add(
          "kept the control groups of "
              + name
              + ": nothing is recorded of it, but "
              + tasks.size()
              + " processes are in them, such as "
              + tasks.getFirst());
      return;
    }
    var request =
        new TeardownRequest(
            name,
            machine.state().files(name, "none"),
            OptionalLong.empty(),
            true,
            directories,
            true);
    if (remove(request) == Outcome.REMOVED) {
      removed.add("removed the control groups of " + name + ", of which nothing is recorded");
    }
  }

  private boolean isRecorded(ContainerPath name) {
    return machine.journal().read(name).state() != ContainerState.GONE;
  }
}
