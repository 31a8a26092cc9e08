package bailey.core.isolation;

/**
 * One reason why a container is not self-contained.
 *
 * @param kind of it
 * @param pid of the process inside that it is about, as this process sees it
 * @param command the name of its program; empty where it is not known
 * @param what it is, as a sentence about the process without its full stop: {@code "descriptor 3 is
 *     pipe:[77], also held by 4242 (cat)"}
 */
public record Tie(Kind kind, long pid, String command, String what) {
  /** Kinds of reasons. */
  public enum Kind {
    /** A namespace that processes outside are in. */
    NAMESPACE,
    /** Something open that is used outside too, or comes from there. */
    DESCRIPTOR,
    /** A socket whose other end is outside. */
    SOCKET,
    /** Memory that is shared with processes outside. */
    MEMORY,
    /** A device or another thing of the kernel whose state cannot be read. */
    DEVICE,
    /** A process outside that traces it. */
    TRACER,
    /** What could not be looked at: there may be more reasons. */
    UNSEEN
  }
}
