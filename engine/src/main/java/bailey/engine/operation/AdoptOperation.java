package bailey.engine.operation;

import bailey.MoveResult;
import bailey.MoveResult.Moved;
import bailey.MoveResult.Stayed;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerException;
import bailey.core.kernel.Membership;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.state.ContainerState;
import bailey.engine.operation.AttachOperation.Candidates;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts the daemons of this machine into a container: every process that nobody logged in for, and
 * that is not bailey's or another container's.
 */
public final class AdoptOperation {
  private static final int INIT = 1;

  /** Daemons start others meanwhile; what these start is in the container from the beginning. */
  private static final int ROUNDS = 5;

  private final Machine machine;
  private final AttachOperation attach;

  /** On a machine. */
  public AdoptOperation(Machine machine) {
    this.machine = machine;
    this.attach = new AttachOperation(machine);
  }

  /**
   * Puts them into a container, which is made if it is not there. Those that may not come in stay.
   *
   * @param dryRun whether nothing is done, and what would be is told
   */
  public MoveResult adopt(ContainerPath name, boolean dryRun) {
    if (dryRun) {
      var all = look();
      return result(all.processes(), all.stayed());
    }
    if (machine.journal().read(name).state() == ContainerState.GONE) {
      new StartOperation(machine)
          .create(ContainerSpec.builder().name(name.toString()).detached(true).build());
    }
    var moved = new LinkedHashMap<Long, Moved>();
    var refused = new TreeMap<Long, Stayed>();
    Candidates all = look();
    for (int round = 0; round < ROUNDS; round++) {
      var rest =
          all.processes().stream()
              .filter(p -> !moved.containsKey(p.pid()) && !refused.containsKey(p.pid()))
              .toList();
      if (rest.isEmpty()) {
        break;
      }
      move(name, rest, moved, refused);
      all = look();
    }
    var stayed = new ArrayList<>(all.stayed());
    stayed.removeIf(s -> moved.containsKey(s.pid()));
    stayed.addAll(refused.values());
    stayed.sort((a, b) -> Long.compare(a.pid(), b.pid()));
    return new MoveResult(List.copyOf(moved.values()), stayed, List.of());
  }

  private static MoveResult result(List<Membership> moved, List<Stayed> stayed) {
    return new MoveResult(
        moved.stream().map(p -> new Moved(p.pid(), p.command())).toList(), stayed, List.of());
  }

  /** Those that are in the same groups together; where that is refused, one by one. */
  private void move(
      ContainerPath name,
      List<Membership> processes,
      Map<Long, Moved> moved,
      Map<Long, Stayed> refused) {
    var byOrigin = new LinkedHashMap<Map<String, String>, List<Membership>>();
    processes.forEach(p -> byOrigin.computeIfAbsent(p.groups(), _ -> new ArrayList<>()).add(p));
    for (var same : byOrigin.values()) {
      try {
        note(move(name, same), moved);
      } catch (ContainerException e) {
        for (var process : same) {
          try {
            note(move(name, List.of(process)), moved);
          } catch (ContainerException reason) {
            if (machine.kernel().processes().membership(process.pid()).isPresent()) {
              refused.put(
                  process.pid(),
                  new Stayed(process.pid(), process.command(), "may not: " + reason.getMessage()));
            }
          }
        }
      }
    }
  }

  private static void note(MoveResult result, Map<Long, Moved> moved) {
    result.moved().forEach(m -> moved.put(m.pid(), m));
  }

  private MoveResult move(ContainerPath name, List<Membership> processes) {
    var pids = processes.stream().map(Membership::pid).toList();
    return attach.move(
        name, AttachOperation.attempt(name, "process", pids), () -> still(processes));
  }

  private Candidates still(List<Membership> processes) {
    var there = new ArrayList<Membership>();
    for (var process : processes) {
      machine
          .kernel()
          .processes()
          .membership(process.pid())
          .filter(process::same)
          .ifPresent(there::add);
    }
    var gone =
        there.isEmpty()
            ? processes.stream().map(p -> new Stayed(p.pid(), "", "is gone")).toList()
            : List.<Stayed>of();
    return new Candidates(there, gone);
  }

  // ---- who ----

  private Candidates look() {
    var processes = machine.kernel().processes();
    var parents = processes.parents();
    var own = own(parents);
    var daemons = new ArrayList<Membership>();
    var stayed = new ArrayList<Stayed>();
    for (long pid : new TreeMap<>(parents).keySet()) {
      processes
          .membership(pid)
          .ifPresent(
              process -> {
                var reason = reason(process, own);
                if (reason.isEmpty()) {
                  daemons.add(process);
                } else {
                  stayed.add(new Stayed(pid, process.command(), reason));
                }
              });
    }
    return new Candidates(daemons, stayed);
  }

  /** This process, and the one that it plans for with its ancestors. */
  private Set<Long> own(Map<Long, Long> parents) {
    var own = new HashSet<Long>();
    own.add(machine.kernel().processes().planner());
    long pid = machine.kernel().processes().self().pid();
    while (pid != 0 && own.add(pid)) {
      pid = parents.getOrDefault(pid, 0L);
    }
    return own;
  }

  /** Why a process stays, as the rest of a sentence that begins with "it"; empty for a daemon. */
  private String reason(Membership process, Set<Long> own) {
    if (own.contains(process.pid()) && process.pid() != INIT) {
      return "is this command, or has started it";
    }
    switch (process.nature()) {
      case KERNEL -> {
        return "is a thread of the kernel";
      }
      case EXECUTOR -> {
        return "is bailey's own";
      }
      case PROGRAM -> {}
    }
    if (process.pid() == INIT) {
      return "is process 1, which starts all others";
    }
    var container = MoveWays.container(machine, process);
    if (container.isPresent()) {
      return "is in container " + container.get();
    }
    if (isElsewhere(process.pid())) {
      return "is in a pid namespace of its own, which is another container's";
    }
    if (process.terminal()) {
      return "has a terminal, so somebody works with it";
    }
    return process.login() ? "belongs to somebody who logged in" : "";
  }

  private boolean isElsewhere(long pid) {
    var processes = machine.kernel().processes();
    var theirs = processes.namespace(pid, NamespaceKind.PID);
    var ours = processes.namespace(processes.self().pid(), NamespaceKind.PID);
    return theirs.isPresent() && !theirs.equals(ours);
  }
}
