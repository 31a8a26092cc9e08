package bailey.core.kernel;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the command line was called with.
 *
 * @param program the path of its program; empty text where that is not known
 * @param origin its working directory and environment
 * @param arguments without the program's name
 * @param pid the process that was called, as it sees itself
 * @param terminals which of its descriptors 0, 1 and 2 are terminals
 */
public record Call(
    String program, Origin origin, List<String> arguments, long pid, Set<Integer> terminals) {
  /** Copies. */
  public Call {
    arguments = List.copyOf(arguments);
    terminals = Set.copyOf(terminals);
  }

  /** Whether a descriptor is a terminal. */
  public boolean isTerminal(int descriptor) {
    return terminals.contains(descriptor);
  }

  /** A call from nowhere, with no arguments: for what plans without being called. */
  public static Call none() {
    return new Call("", new Origin("/", Map.of()), List.of(), 0, Set.of());
  }
}
