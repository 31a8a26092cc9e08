package bailey.core.bundle;

import java.util.List;
import java.util.Optional;

/**
 * A mount.
 *
 * @param kind how it comes about
 * @param type of a file system that is mounted
 * @param source absolute path of a tree that is bound; else what the file system calls its source
 * @param destination absolute and clean: no {@code .}, {@code ..} or empty part
 * @param file whether {@code source} of a bind mount is no directory
 * @param attributes how it may be used
 * @param propagation MS_SHARED and the like in the order in which they are set, each with MS_REC or
 *     without
 * @param parameters of the file system: {@code name=value} or {@code name}
 * @param copiesUp whether what the root has at the destination is copied into it
 * @param owners of an idmapped mount
 */
public record BundleMount(
    Kind kind,
    String type,
    String source,
    String destination,
    boolean file,
    MountAttributes attributes,
    List<Long> propagation,
    List<String> parameters,
    boolean copiesUp,
    Optional<OwnerMap> owners) {
  /** How a mount comes about. */
  public enum Kind {
    /** A tree of the machine. */
    BIND,
    /** The same with all that is mounted in it. */
    BIND_TREE,
    /** A file system that is mounted anew. */
    FILE_SYSTEM,
    /** The container's control groups. */
    CONTROL_GROUPS,
    /** Nothing: what is mounted there gets other attributes. */
    REMOUNT
  }

  /**
   * Attributes of mount_setattr(2).
   *
   * @param set of this mount
   * @param cleared of this mount, before
   * @param setBelow of it and all mounts in it
   * @param clearedBelow of it and all mounts in it, before
   */
  public record MountAttributes(long set, long cleared, long setBelow, long clearedBelow) {
    /** None. */
    public static final MountAttributes NONE = new MountAttributes(0, 0, 0, 0);
  }

  /**
   * Whose files are whose in an idmapped mount.
   *
   * @param users of the files to users that they appear as; empty with {@code groups}: as in the
   *     container's own user namespace
   * @param recursive whether of all mounts in it
   */
  public record OwnerMap(List<IdRange> users, List<IdRange> groups, boolean recursive) {
    /** Copies. */
    public OwnerMap {
      users = List.copyOf(users);
      groups = List.copyOf(groups);
    }
  }

  /** Copies. */
  public BundleMount {
    propagation = List.copyOf(propagation);
    parameters = List.copyOf(parameters);
  }

  /** Whether it is bound from the machine. */
  public boolean isBind() {
    return kind == Kind.BIND || kind == Kind.BIND_TREE;
  }
}
