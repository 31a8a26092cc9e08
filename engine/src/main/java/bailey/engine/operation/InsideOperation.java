package bailey.engine.operation;

import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.TaskInfo;
import bailey.core.planner.GuestGroupPlanner;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import bailey.engine.journal.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the guest of a boundary has done for it from outside: containers in its own group, made and
 * removed, and its processes put into them. Names and numbers are those that it sees.
 */
public final class InsideOperation {
  private static final String BASE = "/bailey";
  private static final String PROCS = "cgroup.procs";

  private final Machine machine;
  private final ContainerPath boundary;

  /** In a boundary. */
  public InsideOperation(Machine machine, ContainerPath boundary) {
    this.machine = machine;
    this.boundary = boundary;
  }

  private Recorded recorded() {
    var recorded = machine.find(boundary);
    if (!Controls.hasInside(recorded)) {
      throw new NotPossibleHere(
          boundary + " has no boundary, so it has no inside; start it with --boundary");
    }
    return recorded;
  }

  /** The user outside whom its root is. */
  public int owner() {
    var intent = recorded().need();
    return machine.launches().rootOutside(intent.spec(), intent.userBase());
  }

  private Groups own() {
    return machine
        .groups(recorded())
        .map(Groups::own)
        .orElseThrow(
            () -> new NotPossibleHere(boundary + " has no control groups, and none inside"));
  }

  /** The groups of a container inside; of the boundary itself those in which such are made. */
  private Groups groups(ContainerPath inside) {
    return inside.equals(boundary)
        ? own()
        : machine
            .look(inside)
            .guest()
            .orElseThrow(() -> new NoSuchContainer(inside.name() + ": no such container"));
  }

  /** Makes a container in another, or in the boundary itself. */
  public void make(ContainerPath parent, String name) {
    var above = groups(parent);
    var path = parent.child(name);
    if (machine.isThere(path)) {
      throw new ContainerBusy("cannot make " + name + ": the name is in use; choose another");
    }
    var base =
        parent.equals(boundary)
            ? new Groups(above.files(), above.features(), above.path() + BASE)
            : above;
    var group =
        new Groups(
            base.files(),
            base.features(),
            base.path() + "/" + ContainerPath.ROOT.child(name).directory());
    var made = new ArrayList<String>();
    for (var controller : controllers(own())) {
      try {
        if (parent.equals(boundary)) {
          makeIfMissing(controller, above, base);
        }
        group.files().mkdir(controller, group.path());
        made.add(controller);
        fill(controller, base, group);
      } catch (CgroupFiles.Refused refused) {
        made.forEach(done -> group.files().rmdir(done, group.path()));
        throw new NotPossibleHere("cannot make " + name + ": " + refused.getMessage(), refused);
      }
    }
    handOver(base, group);
  }

  /** What a group must have before a task can enter it. */
  private void fill(String controller, Groups from, Groups to) {
    var features = machine.features().controllers();
    for (var subsystem : Subsystems.standard().controllers()) {
      var version = subsystem.version(features);
      if (version.isPresent() && subsystem.kernelController(version.get()).equals(controller)) {
        for (var file : subsystem.copiedFromParent(version.get())) {
          var text = from.files().read(controller, from.path(), file.name()).strip();
          to.files().write(controller, to.path(), file.name(), text);
        }
      }
    }
  }

  private void makeIfMissing(String controller, Groups above, Groups group) {
    try {
      group.files().mkdir(controller, group.path());
      fill(controller, above, group);
    } catch (CgroupFiles.Refused refused) {
      if (refused.errno().filter(Errno.EEXIST::equals).isEmpty()) {
        throw refused;
      }
    }
  }

  /** What is made inside is the guest's, as what it makes itself is. */
  private void handOver(Groups base, Groups group) {
    int owner = owner();
    if (owner == machine.features().uid()) {
      return;
    }
    var paths = new ArrayList<String>();
    var points = Groups.hierarchies(machine.features().cgroups());
    for (var of : List.of(base, group)) {
      for (var controller : controllers(of)) {
        var directory = points.get(controller) + "/" + of.path();
        paths.add(directory);
        of.files().files(controller, of.path()).forEach(file -> paths.add(directory + "/" + file));
      }
    }
    var plan = new GuestGroupPlanner(machine.features()).plan(paths, owner);
    new PlanRun(machine).run("hand over", boundary, plan);
  }

  private List<String> controllers(Groups groups) {
    return Groups.hierarchies(machine.features().cgroups()).keySet().stream()
        .filter(groups::exists)
        .toList();
  }

  /** Removes one that is empty. */
  public void remove(ContainerPath inside) {
    var group = groups(inside);
    var tasks = group.allTasks();
    if (!tasks.isEmpty()) {
      throw new ContainerBusy(
          "cannot remove " + inside.name() + ": " + tasks.size() + " processes are in it");
    }
    for (var controller : controllers(group)) {
      try {
        group.files().rmdir(controller, group.path());
      } catch (CgroupFiles.Refused refused) {
        throw new ContainerBusy(
            "cannot remove " + inside.name() + ": " + refused.getMessage(), refused);
      }
    }
  }

  /** The processes in the pid namespace of the guest, by the numbers that it sees. */
  public List<Long> numbers(ContainerPath inside) {
    var here = inside.equals(boundary) ? own().tasks() : groups(inside).tasks();
    return seen(here).values().stream().map(TaskInfo::innerPid).sorted().toList();
  }

  private Map<Long, TaskInfo> seen(Set<Long> pids) {
    var processes = machine.kernel().processes();
    var first = recorded().first();
    var namespace =
        first.isPresent()
            ? processes.namespace(first.get().pid(), NamespaceKind.PID)
            : OptionalLong.empty();
    var found = new TreeMap<Long, TaskInfo>();
    for (long pid : pids) {
      if (namespace.isPresent() && processes.namespace(pid, NamespaceKind.PID).equals(namespace)) {
        processes.find(pid).ifPresent(task -> found.put(pid, task));
      }
    }
    return found;
  }

  /**
   * Puts processes of the guest into a container of its, all or none.
   *
   * @param numbers as the guest sees them
   * @param caller the process that asks, as this process sees it, which 0 stands for
   */
  public void attach(ContainerPath inside, List<Long> numbers, long caller) {
    var all = own().allTasks();
    var seen = seen(all);
    var pids = new ArrayList<Long>();
    for (long number : numbers) {
      pids.add(number == 0 ? own(all, caller) : outer(seen, number));
    }
    move(inside, pids);
  }

  private static long own(Set<Long> all, long caller) {
    if (!all.contains(caller)) {
      throw new BadRequest("the process that writes is not one of the container");
    }
    return caller;
  }

  private static long outer(Map<Long, TaskInfo> seen, long number) {
    return seen.entrySet().stream()
        .filter(entry -> entry.getValue().innerPid() == number)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new BadRequest("there is no process " + number));
  }

  private void move(ContainerPath inside, List<Long> pids) {
    var group = groups(inside);
    var done = new ArrayList<Runnable>();
    for (long pid : pids) {
      var before = machine.kernel().processes().membership(pid);
      for (var controller : controllers(group)) {
        try {
          group.files().write(controller, group.path(), PROCS, Long.toString(pid));
          before
              .map(found -> found.groups().get(controller))
              .ifPresent(path -> done.add(() -> back(controller, path, pid)));
        } catch (CgroupFiles.Refused refused) {
          done.reversed().forEach(Runnable::run);
          throw new NotPossibleHere(
              "cannot put a process into " + inside.name() + ": " + refused.getMessage(), refused);
        }
      }
    }
  }

  private void back(String controller, String path, long pid) {
    try {
      machine.cgroups().write(controller, path, PROCS, Long.toString(pid));
    } catch (CgroupFiles.Refused _) {
      // it has ended, or its group went
    }
  }

  /** The name outside of what the guest calls {@code inside}; the boundary's for nothing. */
  public ContainerPath path(Optional<String> inside) {
    return inside
        .map(name -> ContainerPath.parse("container", boundary + "/" + name))
        .orElse(boundary);
  }
}
