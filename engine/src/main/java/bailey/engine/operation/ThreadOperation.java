package bailey.engine.operation;

import bailey.MoveResult;
import bailey.MoveResult.Moved;
import bailey.core.abi.Errno;
import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.CgroupVersion;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Member;
import bailey.core.planner.MovePlanner;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.Subsystems;
import bailey.engine.group.Groups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts single threads into containers, as far as the kernel's controllers know threads: on v1 all
 * but memory, on v2 only in groups that are threaded.
 */
public final class ThreadOperation {
  private final Machine machine;

  /** On a machine. */
  public ThreadOperation(Machine machine) {
    this.machine = machine;
  }

  /**
   * Puts threads into a container; all of them or none.
   *
   * @throws BadRequest if one of them is none, or may not come in
   * @throws NotPossibleHere if no controller of the container knows threads
   */
  public MoveResult attach(ContainerPath name, List<Long> tids) {
    AttachOperation.check(tids, "thread");
    String attempt = AttachOperation.attempt(name, "thread", tids);
    return AttachOperation.repeatedly(attempt, () -> once(name, attempt, new TreeSet<>(tids)));
  }

  private @Nullable MoveResult once(ContainerPath name, String attempt, Set<Long> tids) {
    var target = AttachOperation.target(machine, name);
    var ways = new MoveWays(machine, target);
    var threads = find(tids);
    if (machine.features().cgroups().mounts().isEmpty()) {
      return threaded(name, attempt, ways, threads);
    }
    threads.keySet().forEach(AttachOperation::movable);
    new Admission(machine, target, ways).check(attempt, arriving(threads));
    if (threads.keySet().stream().anyMatch(process -> MoveWays.isHeld(machine, process))) {
      return null;
    }
    var known = controllers(ways, true);
    if (known.isEmpty()) {
      throw new NotPossibleHere(
          attempt
              + ": none of the hierarchies that it is in knows threads ("
              + String.join(", ", controllers(ways, false))
              + "); attach the whole process");
    }
    var plan = new MovePlan(machine, ways, attempt);
    var moving = threads.values().stream().flatMap(List::stream).toList();
    var away = plan.away(moving, known);
    if (away.isEmpty()) {
      return result(ways, threads, moving);
    }
    if (moving.size() == 1 && away.size() == 1) {
      var controller = away.iterator().next();
      var origin = moving.getFirst().groups().getOrDefault(controller, "");
      var group = ways.absolute(controller, ways.destination(controller, origin));
      single(attempt, moving.getFirst().tid(), group);
      return result(ways, threads, moving);
    }
    return switch (plan.move(threads, known, new Watch(attempt, moving, plan, known))) {
      case Mover.Outcome.Again _ -> null;
      case Mover.Outcome.Done _ -> result(ways, threads, moving);
    };
  }

  /** The threads of each process. */
  private Map<Membership, List<Member>> find(Set<Long> tids) {
    var processes = machine.kernel().processes();
    var found = new LinkedHashMap<Membership, List<Member>>();
    var seen = new LinkedHashMap<Long, Membership>();
    for (long tid : tids) {
      var process =
          processes.processOf(tid).stream()
              .mapToObj(
                  pid -> {
                    if (!seen.containsKey(pid)) {
                      processes.membership(pid).ifPresent(m -> seen.put(pid, m));
                    }
                    return seen.get(pid);
                  })
              .findFirst();
      var thread =
          process.flatMap(
              p -> p.threads().stream().filter(member -> member.tid() == tid).findFirst());
      if (process.isEmpty() || thread.isEmpty()) {
        throw new BadRequest(
            "attach: there is no thread " + tid + "; ps -eL lists those there are");
      }
      found.computeIfAbsent(process.get(), _ -> new ArrayList<>()).add(thread.get());
    }
    return found;
  }

  /** The processes with nothing but the threads that come, which bring no memory along. */
  private static List<Membership> arriving(Map<Membership, List<Member>> threads) {
    var arriving = new ArrayList<Membership>();
    threads.forEach(
        (process, members) ->
            arriving.add(
                new Membership(
                    process.pid(),
                    process.parent(),
                    process.startTicks(),
                    process.state(),
                    process.command(),
                    process.nature(),
                    process.terminal(),
                    process.login(),
                    0,
                    members)));
    return arriving;
  }

  /** One controller of each v1 hierarchy whose controllers all know threads, or do not. */
  private Set<String> controllers(MoveWays ways, boolean known) {
    var deaf = new LinkedHashSet<String>();
    var mounts = machine.features().cgroups().mounts();
    for (Controller controller : Subsystems.standard().controllers()) {
      var point = mounts.get(controller.kernelController(CgroupVersion.V1));
      if (point != null && !controller.takesThreads(CgroupVersion.V1)) {
        deaf.add(point);
      }
    }
    var names = new LinkedHashSet<String>();
    ways.points()
        .forEach(
            (controller, point) -> {
              boolean takes = !controller.equals(CgroupFiles.CORE) && !deaf.contains(point);
              if (takes == known) {
                names.add(controller);
              }
            });
    return names;
  }

  private MoveResult result(
      MoveWays ways, Map<Membership, List<Member>> threads, List<Member> moved) {
    var names = new LinkedHashMap<Long, String>();
    threads.forEach(
        (process, members) -> members.forEach(m -> names.put(m.tid(), process.command())));
    return new MoveResult(
        moved.stream()
            .map(thread -> new Moved(thread.tid(), names.getOrDefault(thread.tid(), "")))
            .toList(),
        List.of(),
        List.copyOf(controllers(ways, false)));
  }

  private void single(String attempt, long tid, String group) {
    var plan =
        new MovePlanner(machine.features())
            .single(attempt.replaceFirst("^cannot ", ""), tid, group, true);
    var failure = new PlanRun(machine).execute(plan, List.of()).failure();
    if (failure == null) {
      return;
    }
    if (failure.errno() == Errno.ESRCH.number()) {
      throw new BadRequest("attach: thread " + tid + " has ended meanwhile");
    }
    throw AttachOperation.stayed(attempt, failure);
  }

  /**
   * On v2 a thread leaves the group of its process only for one that is threaded, and that one has
   * controllers which know threads only (cgroup-v2.rst, Threads).
   */
  private MoveResult threaded(
      ContainerPath name, String attempt, MoveWays ways, Map<Membership, List<Member>> threads) {
    var moving = threads.values().stream().flatMap(List::stream).toList();
    String group = ways.destination(CgroupFiles.CORE, "");
    var type = file(group, "cgroup.type");
    if (type.equals("threaded")) {
      for (var thread : moving) {
        single(attempt, thread.tid(), ways.absolute(CgroupFiles.CORE, group));
      }
      return result(ways, threads, moving);
    }
    var deaf = new ArrayList<String>();
    for (var kernel : file(group, "cgroup.controllers").split(" ", -1)) {
      boolean takes =
          Subsystems.standard().controllers().stream()
              .filter(c -> c.kernelController(CgroupVersion.V2).equals(kernel))
              .anyMatch(c -> c.takesThreads(CgroupVersion.V2));
      if (!kernel.isEmpty() && !takes) {
        deaf.add(kernel);
      }
    }
    throw new NotPossibleHere(
        attempt
            + ": on cgroup v2 a thread can be in another group than its process only where the"
            + " group is threaded, and "
            + name
            + " is not"
            + (deaf.isEmpty()
                ? ""
                : ": it has " + String.join(", ", deaf) + ", which know processes only")
            + "; attach the whole process");
  }

  private String file(String group, String file) {
    return Groups.ifThere(() -> machine.kernel().cgroups().read(CgroupFiles.CORE, group, file))
        .map(String::strip)
        .orElse("");
  }

  /** The threads must still be there when their processes have stopped. */
  private record Watch(String attempt, List<Member> moving, MovePlan plan, Set<String> known)
      implements Mover.Watch {
    @Override
    public List<Membership> more(List<Long> held) {
      return List.of();
    }

    @Override
    public void check(List<Membership> held) {
      for (var thread : moving) {
        boolean there =
            held.stream()
                .flatMap(process -> process.threads().stream())
                .anyMatch(member -> member.tid() == thread.tid());
        if (!there) {
          throw new BadRequest(attempt + ": thread " + thread.tid() + " has ended meanwhile");
        }
      }
    }

    @Override
    public boolean arrived(Membership process) {
      var own =
          process.threads().stream()
              .filter(thread -> moving.stream().anyMatch(m -> m.tid() == thread.tid()))
              .toList();
      return plan.away(own, known).isEmpty();
    }
  }
}
