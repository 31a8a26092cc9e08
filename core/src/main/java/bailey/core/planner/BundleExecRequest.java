package bailey.core.planner;

import bailey.core.bundle.BundleStart;
import bailey.core.bundle.ProcessSpec;
import bailey.core.planner.BundleRequest.StateText;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A further process in a bundle's container.
 *
 * @param id of the container
 * @param process what it is to be
 * @param start how it is started; never {@code CREATED}
 * @param affinity on which CPUs it runs
 * @param first the container's first process
 * @param namespaces of that process which are not the executor's, with their numbers
 * @param groups directories of control groups that it is to be in, that of cgroup2 first
 * @param unified whether the first of them is of cgroup2
 * @param told the container's state
 */
public record BundleExecRequest(
    String id,
    ProcessSpec process,
    BundleStart start,
    Affinity affinity,
    long first,
    Map<NamespaceKind, Long> namespaces,
    List<String> groups,
    boolean unified,
    StateText told) {
  /**
   * CPUs, as lists such as {@code 0-3,7}.
   *
   * @param initial where it is before it is in the container's groups
   * @param last where it is from then on; where only {@code initial} is given, wherever the groups
   *     let it
   */
  public record Affinity(Optional<String> initial, Optional<String> last) {
    /** As its starter, and then where the groups let it. */
    public static final Affinity NONE = new Affinity(Optional.empty(), Optional.empty());
  }

  /** Copies. */
  public BundleExecRequest {
    namespaces = Map.copyOf(namespaces);
    groups = List.copyOf(groups);
  }
}
