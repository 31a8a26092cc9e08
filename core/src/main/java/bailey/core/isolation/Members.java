package bailey.core.isolation;

import bailey.core.kernel.Holding;
import bailey.core.kernel.Holdings;
import bailey.core.kernel.SocketInfo;
import bailey.core.spec.NamespaceKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The processes of a container and of those in it, as they were found.
 *
 * @param processes those that could be looked at, with what they hold
 * @param pids all of them
 * @param namespaces by kind, the number of each namespace that one of them is in, to one of those
 * @param sockets of their network namespaces
 * @param foreign the numbers of sockets of the machine's network namespace, where none of them is
 *     in that
 */
public record Members(
    List<Holdings> processes,
    Set<Long> pids,
    Map<NamespaceKind, Map<Long, Long>> namespaces,
    List<SocketInfo> sockets,
    Set<Long> foreign) {
  /** Copies. */
  public Members {
    processes = List.copyOf(processes);
    pids = Set.copyOf(pids);
    namespaces = Map.copyOf(namespaces);
    sockets = List.copyOf(sockets);
    foreign = Set.copyOf(foreign);
  }

  /**
   * What to look for among the processes outside: what they would share with these if they had it.
   */
  public Set<Holding.Thing> wanted() {
    var wanted = new HashSet<Holding.Thing>();
    for (var process : processes) {
      for (var holding : process.held()) {
        if (Ties.isShareable(holding)) {
          wanted.add(holding.thing());
        }
      }
    }
    Ties.peers(this).forEach(wanted::add);
    return wanted;
  }
}
