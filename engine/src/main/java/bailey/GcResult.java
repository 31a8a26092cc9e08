package bailey;

import java.util.List;

/**
 * What was done about what crashes left behind and others changed.
 *
 * @param removed what was removed, a sentence each
 * @param repaired what was put right, a sentence each
 * @param kept what was left alone and why, a sentence each
 */
public record GcResult(List<String> removed, List<String> repaired, List<String> kept) {
  /** Copies. */
  public GcResult {
    removed = List.copyOf(removed);
    repaired = List.copyOf(repaired);
    kept = List.copyOf(kept);
  }
}
