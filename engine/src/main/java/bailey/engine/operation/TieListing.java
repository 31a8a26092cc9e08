package bailey.engine.operation;

import bailey.SubsystemUse;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerException;
import bailey.core.error.NotPossibleHere;
import bailey.core.isolation.Members;
import bailey.core.isolation.SocketPeers;
import bailey.core.isolation.Tie;
import bailey.core.isolation.Ties;
import bailey.core.kernel.Holdings;
import bailey.core.kernel.Membership;
import bailey.core.kernel.Membership.Nature;
import bailey.core.kernel.NamespaceHold.Holder;
import bailey.core.kernel.SocketInfo;
import bailey.core.planner.NamespaceVisit.OfTask;
import bailey.core.planner.NetworkPlanner;
import bailey.core.spec.NamespaceKind;
import bailey.core.state.FirstTask;
import bailey.engine.journal.Recorded;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds what ties a container to processes outside of it. */
public final class TieListing {
  private final Machine machine;

  /** On a machine. */
  public TieListing(Machine machine) {
    this.machine = machine;
  }

  /**
   * Every reason why it is not self-contained, as found at about this moment: of one that is not
   * frozen, what changes meanwhile may be missed.
   */
  public List<Tie> list(ContainerPath name) {
    var recorded = machine.find(name);
    var pids = pids(recorded);
    var namespaces = namespaces(pids);
    var members =
        new Members(
            holdings(recorded, pids),
            pids,
            namespaces,
            sockets(recorded, namespaces.getOrDefault(NamespaceKind.NET, Map.of())),
            foreign(namespaces.getOrDefault(NamespaceKind.NET, Map.of())));
    var others = machine.kernel().processes().holders(members.wanted(), pids);
    return Ties.of(members, others, neighbours(pids, namespaces));
  }

  private Set<Long> pids(Recorded recorded) {
    var groups = machine.groups(recorded);
    return new TreeSet<>(
        groups.isPresent() && groups.get().exist()
            ? groups.get().allTasks()
            : new TaskListing(machine).numbers(recorded));
  }

  /** Without those of bailey's own process 1: its pipe to the one that waits for it is no leak. */
  private List<Holdings> holdings(Recorded recorded, Set<Long> pids) {
    var processes = machine.kernel().processes();
    long init = recorded.first().map(FirstTask::pid).filter(this::isExecutor).orElse(0L);
    var all = new ArrayList<Holdings>();
    for (long pid : List.copyOf(pids)) {
      try {
        processes
            .holdings(pid)
            .map(
                found ->
                    pid == init
                        ? new Holdings(pid, found.command(), found.tracer(), List.of())
                        : found)
            .ifPresentOrElse(all::add, () -> pids.remove(pid));
      } catch (NotPossibleHere _) {
        // it stays in pids, and so is told of
      }
    }
    return all;
  }

  private boolean isExecutor(long pid) {
    return machine
        .kernel()
        .processes()
        .membership(pid)
        .map(Membership::nature)
        .filter(Nature.EXECUTOR::equals)
        .isPresent();
  }

  private Map<NamespaceKind, Map<Long, Long>> namespaces(Set<Long> pids) {
    var found = new EnumMap<NamespaceKind, Map<Long, Long>>(NamespaceKind.class);
    for (var kind : NamespaceKind.values()) {
      var numbers = new LinkedHashMap<Long, Long>();
      for (long pid : pids) {
        machine
            .kernel()
            .processes()
            .namespace(pid, kind)
            .ifPresent(inode -> numbers.putIfAbsent(inode, pid));
      }
      found.put(kind, numbers);
    }
    return found;
  }

  /** Those of each network namespace that a member is in. */
  private List<SocketInfo> sockets(Recorded recorded, Map<Long, Long> networks) {
    var all = new ArrayList<SocketInfo>();
    networks.forEach(
        (inode, pid) ->
            all.addAll(
                peers(recorded, inode, pid).with(machine.kernel().processes().sockets(pid))));
    return all;
  }

  private Set<Long> foreign(Map<Long, Long> networks) {
    var processes = machine.kernel().processes();
    long self = processes.self().pid();
    var own = processes.namespace(self, NamespaceKind.NET);
    var numbers = new HashSet<Long>();
    if (own.isPresent() && !networks.containsKey(own.getAsLong())) {
      processes.sockets(self).forEach(socket -> numbers.add(socket.inode()));
    }
    return numbers;
  }

  private SocketPeers peers(Recorded recorded, long inode, long pid) {
    var kind = NamespaceKind.NET;
    var place = new OfTask(pid, kind, inode, NamespaceFiles.owner(machine, recorded, pid, kind));
    var plan = new NetworkPlanner(machine.features()).sockets(place);
    try {
      return SocketPeers.of(NamespaceFiles.bytes(machine, recorded, plan));
    } catch (ContainerException _) { // not permitted, or it has ended: then they are not known
      return new SocketPeers(Map.of(), false);
    }
  }

  /** Who outside is in the same namespaces: the machine, where this process is. */
  private Map<NamespaceKind, Map<Long, List<String>>> neighbours(
      Set<Long> pids, Map<NamespaceKind, Map<Long, Long>> namespaces) {
    var processes = machine.kernel().processes();
    var found = new EnumMap<NamespaceKind, Map<Long, List<String>>>(NamespaceKind.class);
    for (var hold : processes.namespaces()) {
      if (hold.holder() instanceof Holder.Member(long pid, String command)
          && !pids.contains(pid)
          && namespaces.getOrDefault(hold.kind(), Map.of()).containsKey(hold.inode())) {
        found
            .computeIfAbsent(hold.kind(), _ -> new HashMap<>())
            .computeIfAbsent(hold.inode(), _ -> new ArrayList<>())
            .add(pid + " (" + command + ")");
      }
    }
    for (var kind : NamespaceKind.values()) {
      var own = processes.namespace(processes.self().pid(), kind);
      if (own.isPresent()) {
        found
            .getOrDefault(kind, new HashMap<>())
            .computeIfPresent(own.getAsLong(), (_, _) -> List.of(SubsystemUse.MACHINE));
      }
    }
    return found;
  }
}
