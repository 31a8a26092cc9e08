package bailey.engine.operation;

import bailey.Drift;
import bailey.Drift.Kind;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerException;
import bailey.core.kernel.Membership;
import bailey.core.plan.Plan;
import bailey.core.planner.Placement;
import bailey.core.planner.RepairPlanner;
import bailey.core.planner.RepairPlanner.Target;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.state.FirstTask;
import bailey.engine.group.Groups;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Recorded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Finds what was changed behind bailey's back: control groups that were removed or renamed,
 * processes that were moved by hand. Puts right what is certain, and says what to do about the
 * rest: whose a process is, is known only where the container has a pid namespace of its own.
 */
public final class DriftOperation {
  /** What is found twice, so far apart, is no container that is just being changed by bailey. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Machine machine;
  private final RepairPlanner planner;

  /** On a machine. */
  public DriftOperation(Machine machine) {
    this.machine = machine;
    this.planner = new RepairPlanner(machine.features());
  }

  /** All that was changed in this hierarchy. */
  public List<Drift> list() {
    var found = look();
    if (found.isEmpty()) {
      return List.of();
    }
    LockSupport.parkNanos(PAUSE.toNanos());
    var again = look();
    return found.stream().filter(again::contains).map(Found::drift).toList();
  }

  /**
   * Puts right what can be.
   *
   * @param repaired gets a sentence for each thing done
   * @param kept gets one for each that was left
   */
  void repair(List<String> repaired, List<String> kept) {
    if (list().isEmpty()) {
      return;
    }
    for (var name : machine.journal().names()) {
      try {
        repair(name, repaired, kept);
      } catch (ContainerException e) {
        kept.add("kept " + name + " as it is: " + e.getMessage());
      }
    }
  }

  private void repair(ContainerPath name, List<String> repaired, List<String> kept) {
    // names first, then what is missing, then who belongs where: each makes the next one possible
    for (var kind : List.of(Kind.GROUP_RENAMED, Kind.GROUP_MISSING, Kind.PROCESS_OUTSIDE)) {
      for (var found : look(name)) {
        if (found.drift().kind() == kind) {
          found.repair().run();
          repaired.add("repaired " + found.drift().what());
        }
      }
    }
    look(name)
        .forEach(left -> kept.add("kept " + left.drift().what() + "; " + left.drift().remedy()));
  }

  /** Makes the groups of a container again that are not there, with the limits it was made with. */
  void makeMissing(ContainerPath name) {
    look(name).stream()
        .filter(found -> found.drift().kind() == Kind.GROUP_MISSING)
        .forEach(found -> found.repair().run());
  }

  /** A change and how to take it back; equal by the change. */
  private record Found(Drift drift, Runnable repair) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Found found && found.drift.equals(drift);
    }

    @Override
    public int hashCode() {
      return drift.hashCode();
    }
  }

  private List<Found> look(ContainerPath name) {
    return subject(name).map(Subject::look).orElse(List.of());
  }

  private List<Found> look() {
    var all = new ArrayList<Found>();
    for (var name : machine.journal().names()) {
      try {
        all.addAll(look(name));
      } catch (ContainerException _) {
        // damaged, or not possible here any more: that is told elsewhere
      }
    }
    return all;
  }

  /** The groups that a container has on this machine. */
  static Placement placement(Machine machine, Intent intent) {
    return new RepairPlanner(machine.features()).groups(target(machine, intent));
  }

  private static Target target(Machine machine, Intent intent) {
    return new Target(
        intent.name(),
        intent.spec(),
        intent.userBase(),
        machine.state().files(intent.name(), intent.report()),
        intent.id());
  }

  /** A container in which something can be found; empty where it is no moment to look. */
  private Optional<Subject> subject(ContainerPath name) {
    var recorded = machine.journal().read(name);
    boolean settled =
        switch (recorded.state()) {
          case CREATED, RUNNING, FROZEN, UNATTENDED -> true;
          case STARTING, ENDED, ABANDONED, DAMAGED, GONE -> false;
        };
    if (!settled || recorded.foreign() || recorded.intent().isEmpty()) {
      return Optional.empty();
    }
    var intent = recorded.need();
    // what a guest does with the groups in a boundary is its own affair
    if (intent.cgroups().isEmpty() || intent.spec().boundary()) {
      return Optional.empty();
    }
    return machine.groups(recorded).map(groups -> new Subject(recorded, intent, groups));
  }

  /** One container, as it is now. */
  private final class Subject {
    private final Recorded recorded;
    private final Groups groups;
    private final Target target;
    private final Map<String, String> points = Groups.hierarchies(machine.features().cgroups());
    private final List<Found> found = new ArrayList<>();

    Subject(Recorded recorded, Intent intent, Groups groups) {
      this.recorded = recorded;
      this.groups = groups;
      this.target = target(machine, intent);
    }

    List<Found> look() {
      groups();
      processes();
      return found;
    }

    private void add(Kind kind, String what, String remedy, Runnable repair) {
      found.add(new Found(new Drift(recorded.name().toString(), kind, what, remedy, true), repair));
    }

    // ---- groups ----

    private void groups() {
      var seen = new LinkedHashSet<String>();
      for (var entry : planner.groups(target).directories().entrySet()) {
        var directory = entry.getValue();
        var controller = hierarchy(directory);
        if (controller.isPresent() && seen.add(directory) && !groups.exists(controller.get())) {
          var now = renamed(controller.get());
          if (now.isPresent()) {
            rename(directory, now.get());
          } else {
            make(directory);
          }
        }
      }
    }

    /** The hierarchy that a group is in, by the controller that it is known by here. */
    private Optional<String> hierarchy(String directory) {
      return points.entrySet().stream()
          .filter(point -> directory.equals(point.getValue() + "/" + groups.path()))
          .map(Map.Entry::getKey)
          .findFirst();
    }

    /**
     * What its group is called now: that next to its old place in which its first process is, where
     * that is nobody else's. Where it has no process nothing tells one group from another.
     */
    private Optional<String> renamed(String controller) {
      String parent = groups.path().substring(0, groups.path().lastIndexOf('/'));
      return recorded
          .first()
          .map(FirstTask::pid)
          .flatMap(machine.kernel().processes()::membership)
          .map(process -> process.groups().getOrDefault(controller, ""))
          .filter(path -> path.startsWith(parent + "/"))
          .map(path -> path.substring(parent.length() + 1).split("/", 2)[0])
          .filter(sibling -> !isContainers(parent, sibling))
          .map(sibling -> parent + "/" + sibling);
    }

    private boolean isContainers(String parent, String sibling) {
      String base = recorded.need().cgroups().substring(1);
      String below =
          parent.equals(base) ? sibling : parent.substring(base.length() + 1) + "/" + sibling;
      return ContainerPath.ofDirectory(below)
          .filter(machine.journal().names()::contains)
          .isPresent();
    }

    private void rename(String directory, String now) {
      String there = directory.substring(0, directory.length() - groups.path().length()) + now;
      add(
          Kind.GROUP_RENAMED,
          recorded.name() + ": its control group " + directory + " was renamed to " + there,
          "bailey gc gives it its name back",
          () -> run(planner.rename(target, there, directory)));
    }

    private void make(String directory) {
      add(
          Kind.GROUP_MISSING,
          recorded.name() + ": its control group " + directory + " is not there",
          "bailey gc makes it again, with the limits that the container was made with",
          () -> run(planner.make(target, Set.of(directory))));
    }

    private void run(Plan plan) {
      new PlanRun(machine).run("repair", recorded.name(), plan);
    }

    // ---- processes ----

    private void processes() {
      var own = own();
      var processes = machine.kernel().processes();
      var candidates = new TreeSet<>(own);
      candidates.addAll(groups.tasks());
      for (long pid : candidates) {
        var process = processes.membership(pid);
        if (process.isPresent() && !MoveWays.isHeld(machine, process.get())) {
          var where = where(process.get());
          if (where.away().isEmpty() || (where.in().isEmpty() && isOthers(process.get()))) {
            continue;
          }
          if (own.contains(pid)) {
            outside(process.get(), where);
          } else if (!where.in().isEmpty()) {
            split(process.get(), where);
          }
        }
      }
    }

    /** The processes that can only be its own; none where it has no pid namespace of its own. */
    private Set<Long> own() {
      if (!(target.spec().namespace(NamespaceKind.PID) instanceof NamespaceRequest.New)) {
        return Set.of(); // one that was joined has the processes of others too
      }
      var processes = machine.kernel().processes();
      var inode =
          recorded
              .first()
              .map(first -> processes.namespace(first.pid(), NamespaceKind.PID))
              .orElse(OptionalLong.empty());
      if (inode.isEmpty()
          || inode.equals(processes.namespace(processes.self().pid(), NamespaceKind.PID))) {
        return Set.of();
      }
      var own = new TreeSet<Long>();
      for (long pid : processes.parents().keySet()) {
        if (processes.namespace(pid, NamespaceKind.PID).equals(inode)) {
          own.add(pid);
        }
      }
      return own;
    }

    private boolean isOthers(Membership process) {
      return MoveWays.container(machine, process)
          .filter(other -> !other.equals(recorded.name().toString()))
          .isPresent();
    }

    /**
     * The hierarchies in which a process is in the container's group, and those where it is not.
     */
    private record Where(Map<String, String> in, Map<String, String> away) {}

    private Where where(Membership process) {
      var in = new TreeMap<String, String>();
      var away = new TreeMap<String, String>();
      for (var controller : points.keySet()) {
        if (groups.exists(controller)) {
          String path = process.groups().getOrDefault(controller, "");
          boolean inside = path.equals(groups.path()) || path.startsWith(groups.path() + "/");
          (inside ? in : away).put(controller, "/" + path);
        }
      }
      return new Where(in, away);
    }

    private void outside(Membership process, Where where) {
      add(
          Kind.PROCESS_OUTSIDE,
          recorded.name()
              + ": its process "
              + process.pid()
              + " ("
              + process.command()
              + ") was moved to "
              + places(where.away()),
          "bailey gc puts it back",
          () -> putBack(process));
    }

    private void putBack(Membership process) {
      var _ = new AttachOperation(machine).putBack(recorded.name(), process);
    }

    private void split(Membership process, Where where) {
      found.add(
          new Found(
              new Drift(
                  recorded.name().toString(),
                  Kind.PROCESS_SPLIT,
                  recorded.name()
                      + ": process "
                      + process.pid()
                      + " ("
                      + process.command()
                      + ") is in its control groups of "
                      + String.join(", ", where.in().keySet())
                      + " but in "
                      + places(where.away()),
                  "bailey attach "
                      + recorded.name()
                      + " "
                      + process.pid()
                      + " takes it in whole, attaching it to another container takes it out",
                  false),
              () -> {}));
    }

    private static String places(Map<String, String> paths) {
      var byPath = new LinkedHashMap<String, List<String>>();
      paths.forEach(
          (controller, path) ->
              byPath.computeIfAbsent(path, _ -> new ArrayList<>()).add(controller));
      return byPath.entrySet().stream()
          .map(entry -> entry.getKey() + " of " + String.join(", ", entry.getValue()))
          .collect(Collectors.joining(" and "));
    }
  }
}
