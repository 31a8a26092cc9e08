package bailey.core.planner;

import java.util.List;
import java.util.Optional;

/**
 * A move of processes, or of single threads, between control groups that belong to several
 * hierarchies of the kernel.
 *
 * @param title what is moved where, such as {@code attach to web}
 * @param record the file that the move is recorded in; its lock is that of the move
 * @param id tells the move from others
 * @param text what is recorded; a line of it is {@code id=} and the id
 * @param stopper how tasks are held meanwhile
 * @param batches those that come from the same groups; at least one
 */
public record MoveRequest(
    String title, String record, long id, String text, Stopper stopper, List<Batch> batches) {
  /** What the line of the record begins with whose number is the id. */
  public static final String ID = "id=";

  /** What is added to the record when all that is left to do is the last step. */
  public static final String COMMITTED = "# committed\n";

  /** How tasks are held while they are moved: no held task forks, and it dies only by SIGKILL. */
  public enum Stopper {
    /** By the freezer that every group of cgroup2 has (Linux 5.2). */
    UNIFIED("cgroup.freeze", "1"),
    /** By the freezer controller of v1. */
    FREEZER("freezer.state", "FROZEN");

    private final String file;
    private final String frozen;

    Stopper(String file, String frozen) {
      this.file = file;
      this.frozen = frozen;
    }

    /** The file of a group that is written to freeze what is in it. */
    public String file() {
      return file;
    }

    /** What is written to it. */
    public String frozen() {
      return frozen;
    }
  }

  /**
   * A way in one hierarchy; absolute paths of groups.
   *
   * @param from the group that the tasks are in
   * @param to the one that they go to
   */
  public record Leg(String from, String to) {}

  /**
   * A thread that is not in the same group as the first one of its process.
   *
   * @param tid its number
   * @param group the absolute path of its group in a v1 hierarchy
   */
  public record Stray(long tid, String group) {}

  /**
   * Processes that are in the same group in every hierarchy; their threads as well.
   *
   * @param hold the group to be made for them in the hierarchy of the stopper
   * @param processes their numbers
   * @param threads only these threads go the legs; empty: all of the processes do. Then the last
   *     leg leads back to where it begins.
   * @param legs the ways in the hierarchies other than the stopper's
   * @param last the way in the hierarchy of the stopper
   * @param strays threads that would have to go back elsewhere
   */
  public record Batch(
      String hold,
      List<Long> processes,
      List<Long> threads,
      List<Leg> legs,
      Leg last,
      List<Stray> strays) {
    /** Copies. */
    public Batch {
      processes = List.copyOf(processes);
      threads = List.copyOf(threads);
      legs = List.copyOf(legs);
      strays = List.copyOf(strays);
    }

    /** The group that {@link #hold} is in, where that is one of bailey's. */
    Optional<String> parent() {
      int slash = hold.lastIndexOf('/');
      return slash <= 0 ? Optional.empty() : Optional.of(hold.substring(0, slash));
    }
  }

  /** Copies. */
  public MoveRequest {
    batches = List.copyOf(batches);
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("nothing to move");
    }
  }
}
