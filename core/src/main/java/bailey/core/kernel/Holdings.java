package bailey.core.kernel;

import java.util.List;

/**
 * What a process holds, as it was when it was looked at.
 *
 * @param pid in the pid namespace of this process
 * @param command the name of its program, up to 15 bytes
 * @param tracer the process that traces it (ptrace(2)), 0 if none does
 * @param held what it holds, in the order of descriptors, then memory, then its directory
 */
public record Holdings(long pid, String command, long tracer, List<Holding> held) {
  /** Copies. */
  public Holdings {
    held = List.copyOf(held);
  }

  /**
   * What was found of others that hold some things.
   *
   * @param found each that holds one, with those of the things alone that it holds
   * @param hidden how many this user may not look at
   */
  public record Search(List<Holdings> found, int hidden) {
    /** Copies. */
    public Search {
      found = List.copyOf(found);
    }
  }
}
