package bailey.engine.operation;

import bailey.core.container.Bindings;
import bailey.core.error.BadRequest;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Member;
import bailey.core.planner.MoveRequest;
import bailey.core.planner.MoveRequest.Batch;
import bailey.core.planner.MoveRequest.Leg;
import bailey.core.planner.MoveRequest.Stray;
import bailey.engine.group.Groups;
import bailey.engine.journal.MoveRecord;
import bailey.engine.operation.Mover.Expected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Which ways a set of processes, or of single threads, has to go. Confined to one thread. */
final class MovePlan {
  private final Machine machine;
  private final MoveWays ways;
  private final String attempt;

  /**
   * A plan.
   *
   * @param attempt for errors, such as {@code cannot attach process 12 to web}
   */
  MovePlan(Machine machine, MoveWays ways, String attempt) {
    this.machine = machine;
    this.ways = ways;
    this.attempt = attempt;
  }

  /**
   * A move within one hierarchy.
   *
   * @param number of the process or thread
   * @param group the absolute path of the group that it goes to
   */
  record Task(long number, String group) {}

  /** Whether one of its threads is elsewhere than it is to be. */
  boolean isAway(Membership process) {
    return !away(process.threads(), ways.points().keySet()).isEmpty();
  }

  /** Those of {@code controllers} in whose hierarchies one of the threads has a way to go. */
  Set<String> away(List<Member> threads, Collection<String> controllers) {
    var away = new LinkedHashSet<String>();
    for (var controller : controllers) {
      for (var thread : threads) {
        String origin = origin(thread, controller);
        if (!ways.destination(controller, origin).equals(origin)) {
          away.add(controller);
        }
      }
    }
    return away;
  }

  private String origin(Member thread, String controller) {
    var origin = thread.groups().get(controller);
    if (origin == null) {
      throw new BadRequest(
          attempt
              + ": it is in a "
              + controller
              + " group that cannot be seen from here, so it could not be put back; do it from"
              + " outside of this container");
    }
    return origin;
  }

  /** Whether the kernel does all of it at once: one process, one hierarchy. */
  boolean isSimple(List<Membership> processes) {
    return processes.size() == 1
        && away(processes.getFirst().threads(), ways.points().keySet()).size() == 1;
  }

  /** That move. */
  Task simple(Membership process) {
    var threads = process.threads();
    String controller = away(threads, ways.points().keySet()).iterator().next();
    String to = ways.destination(controller, origin(threads.getFirst(), controller));
    return new Task(process.pid(), ways.absolute(controller, to));
  }

  /** Moves processes. */
  Mover.Outcome move(List<Membership> processes, Mover.Watch watch) {
    return carryOut(batches(processes, ways.points().keySet(), Map.of()), watch);
  }

  /**
   * Moves single threads; their processes are held meanwhile.
   *
   * @param threads of each process
   * @param controllers in whose hierarchies they are moved
   */
  Mover.Outcome move(
      Map<Membership, List<Member>> threads, Collection<String> controllers, Mover.Watch watch) {
    return carryOut(batches(List.copyOf(threads.keySet()), controllers, threads), watch);
  }

  private Mover.Outcome carryOut(List<Expected> expected, Mover.Watch watch) {
    var batches = expected.stream().map(Expected::batch).toList();
    String title = attempt.replaceFirst("^cannot ", "");
    long id = id(batches.getFirst());
    var holder = ways.holder();
    var request =
        new MoveRequest(
            title,
            machine.state().move().toString(),
            id,
            MoveRecord.text(title, id, holder.stopper(), batches),
            holder.stopper(),
            batches);
    return new Mover(machine, attempt).move(request, expected, watch);
  }

  /** The one that the groups which hold what is moved are named with. */
  private static long id(Batch batch) {
    var name = batch.hold().substring(batch.hold().lastIndexOf('/') + 1);
    return Long.parseLong(name.substring(MoveWays.HOLD.length(), name.lastIndexOf('-')));
  }

  private List<Expected> batches(
      List<Membership> processes,
      Collection<String> controllers,
      Map<Membership, List<Member>> threads) {
    var byOrigin = new LinkedHashMap<List<Object>, List<Membership>>();
    for (var process : processes) {
      // single threads of several processes have ways of their own
      List<Object> key =
          threads.isEmpty() ? List.of(process.groups()) : List.of(process.groups(), process.pid());
      byOrigin.computeIfAbsent(key, _ -> new ArrayList<>()).add(process);
    }
    var now = Instant.now();
    long id = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    var batches = new ArrayList<Expected>();
    for (var same : byOrigin.values()) {
      var hold = hold() + MoveWays.HOLD + id + "-" + batches.size();
      var batch = batch(hold, same, controllers, threads);
      batches.add(new Expected(batch, same.getFirst().groups(), same));
    }
    return batches;
  }

  private String hold() {
    var holder = ways.holder();
    var here =
        ways.points().containsKey(holder.controller()) ? machine : machine.in(Bindings.DEFAULT);
    return holder.point() + here.features().cgroups().base().orElse("/bailey") + "/";
  }

  private Batch batch(
      String hold,
      List<Membership> processes,
      Collection<String> controllers,
      Map<Membership, List<Member>> threads) {
    var first = processes.getFirst();
    var single = threads.getOrDefault(first, List.of());
    var leader = single.isEmpty() ? first.threads().getFirst() : single.getFirst();
    var moving = single.isEmpty() ? all(processes) : single;
    String holder = ways.holder().controller();
    var legs = new ArrayList<Leg>();
    var strays = new ArrayList<Stray>();
    for (var controller : away(moving, controllers)) {
      if (!controller.equals(holder)) {
        String from = origin(leader, controller);
        legs.add(
            new Leg(
                ways.absolute(controller, from),
                ways.absolute(controller, ways.destination(controller, from))));
        for (var thread : moving) {
          String own = origin(thread, controller);
          if (!own.equals(from)) {
            strays.add(new Stray(thread.tid(), ways.absolute(controller, own)));
          }
        }
      }
    }
    return new Batch(
        hold,
        processes.stream().map(Membership::pid).toList(),
        single.stream().map(Member::tid).toList(),
        legs,
        last(first.threads().getFirst(), holder, single.isEmpty()),
        strays);
  }

  private static List<Member> all(List<Membership> processes) {
    return processes.stream().flatMap(process -> process.threads().stream()).toList();
  }

  private Leg last(Member leader, String holder, boolean whole) {
    String from = origin(leader, holder);
    boolean threaded =
        holder.equals(CgroupFiles.CORE)
            && Groups.ifThere(() -> machine.kernel().cgroups().read(holder, from, "cgroup.type"))
                .map(String::strip)
                .filter("threaded"::equals)
                .isPresent();
    if (threaded) {
      throw new BadRequest(
          attempt
              + ": its threads are in different groups of cgroup2 ("
              + from
              + "), and could not be put back; move the process to the domain above first");
    }
    boolean bound = ways.points().containsKey(holder);
    String to = whole && bound ? ways.destination(holder, from) : from;
    return new Leg(ways.absolute(holder, from), ways.absolute(holder, to));
  }
}
