package bailey;

/**
 * Something about a container that somebody else than bailey has changed.
 *
 * @param container its name; empty for what is no container's
 * @param kind of the change
 * @param what was found, as a sentence without its full stop that names the container
 * @param remedy what {@code bailey gc} does about it, or what to do where it cannot know
 * @param repairable whether {@code bailey gc} puts it right
 */
public record Drift(String container, Kind kind, String what, String remedy, boolean repairable) {
  /** Kinds of changes. */
  public enum Kind {
    /** A control group of it is gone. */
    GROUP_MISSING,
    /** A control group of it has another name. */
    GROUP_RENAMED,
    /** A process of it is not in its control groups, or not in all of them. */
    PROCESS_OUTSIDE,
    /** A mount of containers as files that nobody serves any more; it is no container's. */
    MOUNT_UNSERVED,
    /** A process is in some of its control groups and not in others, and may be anybody's. */
    PROCESS_SPLIT
  }
}
