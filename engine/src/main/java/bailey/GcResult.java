package bailey;

import java.util.List;

/**
 * What was done about what crashes left behind.
 *
 * @param removed what was removed, a sentence each
 * @param kept what was left alone and why, a sentence each
 */
public record GcResult(List<String> removed, List<String> kept) {
  /** Copies. */
  public GcResult {
    removed = List.copyOf(removed);
    kept = List.copyOf(kept);
  }
}
