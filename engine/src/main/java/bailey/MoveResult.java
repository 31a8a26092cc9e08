package bailey;

import java.util.List;

/**
 * What became of running processes that were to be put into a container.
 *
 * @param moved those that are in it now, with all their threads and what they started meanwhile
 * @param stayed those that are where they were, or are gone
 * @param apart what of the container does not hold for single threads that were moved, because the
 *     kernel knows it of processes only, by the names of subsystems; empty for processes
 */
public record MoveResult(List<Moved> moved, List<Stayed> stayed, List<String> apart) {
  /** Copies. */
  public MoveResult {
    moved = List.copyOf(moved);
    stayed = List.copyOf(stayed);
    apart = List.copyOf(apart);
  }

  /**
   * A process that is in the container now, or a thread.
   *
   * @param pid its number
   * @param command the name of its program, up to 15 bytes
   */
  public record Moved(long pid, String command) {}

  /**
   * A process that is not.
   *
   * @param pid its number
   * @param command the name of its program, up to 15 bytes; empty where it is gone
   * @param reason why, as the rest of a sentence that begins with "it"
   */
  public record Stayed(long pid, String command, String reason) {}
}
