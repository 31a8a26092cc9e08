package bailey.core.bundle;

import java.util.Optional;

/**
 * How a bundle's container, or a further process of it, is started.
 *
 * @param attachment who looks after it
 * @param pidFile file that gets the number of the process
 * @param consoleSocket socket that gets the other side of its terminal
 * @param pidfdSocket socket that gets a descriptor of the process
 * @param preserved how many descriptors of the caller's, from 3 on, it keeps
 * @param keyring whether it gets a session keyring of its own
 */
public record BundleStart(
    Attachment attachment,
    Optional<String> pidFile,
    Optional<String> consoleSocket,
    Optional<String> pidfdSocket,
    int preserved,
    boolean keyring) {
  /** Who looks after a process. */
  public enum Attachment {
    /** It waits until it is told to execute its program; nobody else stays. */
    CREATED,
    /** It is executed at once; nobody else stays. */
    DETACHED,
    /** The executor stays, and ends as it does. */
    FOREGROUND
  }
}
