package bailey.core.subsystem;

import java.util.List;
import java.util.Map;

/**
 * New values of control files of one subsystem, and how the kernel is told.
 *
 * @param values by the full name of the control file: what it will show afterwards, which is what
 *     was asked for in its canonical form, rounded as the kernel rounds
 * @param writes in this order; relative to the container's directory in the hierarchy of each
 */
public record Change(Map<String, String> values, List<KernelWrite> writes) {
  /** Keeps a copy. */
  public Change {
    values = Map.copyOf(values);
    writes = List.copyOf(writes);
  }
}
