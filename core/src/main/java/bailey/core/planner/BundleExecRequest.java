package bailey.core.planner;

import bailey.core.bundle.BundleStart;
import bailey.core.bundle.ProcessSpec;
import bailey.core.planner.BundleRequest.StateText;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Map;

/**
 * A further process in a bundle's container.
 *
 * @param id of the container
 * @param process what it is to be
 * @param start how it is started; never {@code CREATED}
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
    long first,
    Map<NamespaceKind, Long> namespaces,
    List<String> groups,
    boolean unified,
    StateText told) {
  /** Copies. */
  public BundleExecRequest {
    namespaces = Map.copyOf(namespaces);
    groups = List.copyOf(groups);
  }
}
