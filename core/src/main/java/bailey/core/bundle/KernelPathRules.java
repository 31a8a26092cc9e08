package bailey.core.bundle;

import java.util.List;

/**
 * Paths inside that are not to be used freely; those that are not there are passed over.
 *
 * @param masked which are empty inside
 * @param readOnly which cannot be written to
 */
public record KernelPathRules(List<String> masked, List<String> readOnly) {
  /** Copies. */
  public KernelPathRules {
    masked = List.copyOf(masked);
    readOnly = List.copyOf(readOnly);
  }
}
