package bailey.engine.operation;

import bailey.HierarchyInfo;
import bailey.core.container.Bindings;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.error.StateDamaged;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.core.plan.Plan;
import bailey.core.planner.HierarchyPlanner;
import bailey.core.planner.HierarchyRequest;
import bailey.core.subsystem.HierarchyFeatures;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import bailey.engine.journal.HierarchyRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Mounts, unmounts and lists hierarchies. */
public final class HierarchyOperation {
  private final Machine machine;

  /** On a machine. */
  public HierarchyOperation(Machine machine) {
    this.machine = machine.in(Bindings.DEFAULT);
  }

  /** All there are, the default one first. */
  public List<HierarchyInfo> list() {
    var all = new ArrayList<HierarchyInfo>();
    machine.bindings().hierarchies().forEach(name -> all.add(info(machine.in(name))));
    return all;
  }

  private static HierarchyInfo info(Machine machine) {
    var names = machine.journal().names();
    int tasks = 0;
    for (var name : names) {
      if (name.depth() == 1) {
        tasks +=
            machine
                .groups(machine.journal().read(name))
                .map(Groups::allTasks)
                .map(t -> t.size())
                .orElse(0);
      }
    }
    var name = machine.state().hierarchy();
    return new HierarchyInfo(
        name,
        machine.bindings().subsystems(name),
        names.size(),
        tasks,
        machine.state().releaseAgent());
  }

  /**
   * Binds subsystems to a new hierarchy.
   *
   * @throws bailey.core.error.BadRequest if a name is none, or a subsystem is left out that the
   *     kernel does not separate from another
   * @throws ContainerBusy if a subsystem is bound elsewhere, or the default hierarchy has
   *     containers
   * @throws NotPossibleHere if this kernel or this user cannot
   */
  public HierarchyInfo mount(String name, List<String> subsystems) {
    if (!machine.features().privileged()) {
      throw new NotPossibleHere(
          "cannot mount "
              + name
              + ": user "
              + machine.features().uid()
              + " may not bind the machine's subsystems; run bailey as root");
    }
    changing(
        now -> {
          var features = now.kernel().features();
          var after = now.bindings().mount(name, subsystems, occupants(now));
          HierarchyFeatures.check(features, Subsystems.standard(), subsystems, now.base(name));
          clear(now, name);
          return new HierarchyPlanner(now.features())
              .mount(request(now, name, after.subsystems(name), after));
        },
        "mount",
        name);
    return info(machine.in(name));
  }

  /**
   * Removes what a crash, or an earlier start of the machine, has left of hierarchies.
   *
   * @return a sentence for each
   */
  List<String> collect() {
    var removed = new ArrayList<String>();
    machine
        .state()
        .withGateIfFree(
            () -> {
              var now = machine.current();
              for (var name : now.state().hierarchyDirectories()) {
                if (clear(now, name)) {
                  removed.add("removed what was left of the hierarchy " + name);
                }
              }
            });
    return removed;
  }

  /** Whether there was anything left of a hierarchy that is not mounted. */
  private static boolean clear(Machine now, String name) {
    boolean left =
        !now.bindings().hierarchies().contains(name)
            && now.state().hierarchyDirectories().contains(name);
    if (left) {
      var root = now.state().hierarchyRoot(name).toString();
      execute(
          now,
          new HierarchyPlanner(now.features()).clear(name, root, now.state().filesOf(name)),
          "remove",
          name);
    }
    return left;
  }

  private static Bindings.Occupants occupants(Machine now) {
    return hierarchy -> now.in(hierarchy).journal().names();
  }

  private static HierarchyRequest request(
      Machine now, String name, List<String> subsystems, Bindings after) {
    var root = now.state().hierarchyRoot(name);
    var bindings = now.state().bindings().toString();
    boolean tracked =
        HierarchyFeatures.tracks(now.kernel().features(), Subsystems.standard(), subsystems);
    return new HierarchyRequest(
        name,
        root.toString(),
        String.valueOf(root.getParent()),
        tracked ? Optional.of(HierarchyFeatures.tracking(now.base(name))) : Optional.empty(),
        bindings,
        HierarchyRecord.next(bindings),
        new HierarchyRecord(now.kernel().processes().boot(), after).text());
  }

  /**
   * Takes a hierarchy away: its subsystems are the default hierarchy's again.
   *
   * @throws bailey.core.error.NoSuchContainer if there is none of that name
   * @throws ContainerBusy if it has containers
   */
  public void unmount(String name) {
    if (name.equals(Bindings.DEFAULT)) {
      var _ = machine.bindings().unmount(name, _ -> List.of()); // refuses
    }
    var gone = machine.in(name);
    gone.state()
        .withGate(
            () ->
                changing(
                    now -> {
                      var after = now.bindings().unmount(name, occupants(now));
                      var bound = now.bindings().subsystems(name);
                      return new HierarchyPlanner(now.features())
                          .unmount(
                              request(now, name, bound, after),
                              now.state().filesOf(name),
                              groups(gone));
                    },
                    "unmount",
                    name));
  }

  private static List<String> groups(Machine gone) {
    var base = gone.features().cgroups().base().orElseThrow();
    return Groups.hierarchies(gone.features().cgroups()).values().stream()
        .map(point -> point + base)
        .toList();
  }

  private interface Change {
    Plan on(Machine now);
  }

  /** While nobody makes a container in the default hierarchy or changes hierarchies. */
  private void changing(Change change, String verb, String name) {
    machine
        .state()
        .withGate(
            () -> {
              var now = machine.current();
              execute(now, change.on(now), verb, name);
            });
  }

  private static void execute(Machine now, Plan plan, String verb, String name) {
    try {
      var failure = new PlanRun(now).execute(plan, List.of()).failure();
      if (failure != null) {
        throw Refusal.of("cannot " + verb + " the hierarchy " + name, plan, failure);
      }
    } catch (CompletionException e) {
      if (e.getCause() instanceof ExecutorLost lost) {
        throw new StateDamaged(
            "cannot "
                + verb
                + " the hierarchy "
                + name
                + ": the executor ended in the middle of it, "
                + lost.getMessage()
                + "; bailey gc goes on",
            lost);
      }
      throw e;
    }
  }
}
