package bailey.oci.config;

import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code linux} of config.json (config-linux.md).
 *
 * @param namespaces at most one of each kind
 * @param uidMappings of a new user namespace
 * @param gidMappings of a new user namespace
 * @param timeOffsets of a new time namespace, by clock: {@code monotonic}, {@code boottime}
 * @param devices nodes to make
 * @param netDevices of the machine to move in, by their name there; the value is the name inside
 * @param cgroupsPath null for the runtime's choice
 * @param resources limits; null for none
 * @param rootfsPropagation null for the default
 * @param sysctl by name with dots, each of a namespace that is the container's own
 * @param seccomp null for no filter
 * @param maskedPaths absolute, inside
 * @param readonlyPaths absolute, inside
 * @param mountLabel SELinux context of the mounts; null or not empty
 */
public record OciLinux(
    List<Namespace> namespaces,
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings,
    Map<String, TimeOffset> timeOffsets,
    List<Device> devices,
    Map<String, String> netDevices,
    @Nullable String cgroupsPath,
    @Nullable OciResources resources,
    @Nullable Propagation rootfsPropagation,
    Map<String, String> sysctl,
    @Nullable OciSeccomp seccomp,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    @Nullable String mountLabel,
    @Nullable Personality personality,
    @Nullable MemoryPolicy memoryPolicy) {

  /** The words for {@link MemoryPolicy#mode}, by number (linux/mempolicy.h). */
  public static final List<String> MEMORY_MODES =
      List.of(
          "MPOL_DEFAULT",
          "MPOL_PREFERRED",
          "MPOL_BIND",
          "MPOL_INTERLEAVE",
          "MPOL_LOCAL",
          "MPOL_PREFERRED_MANY",
          "MPOL_WEIGHTED_INTERLEAVE");

  /** The words for {@link MemoryPolicy#flags}, from bit 13 on. */
  public static final List<String> MEMORY_FLAGS =
      List.of("MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES");

  /** Nothing asked for: the container shares all with the runtime. */
  public static final OciLinux NONE =
      new OciLinux(
          List.of(), List.of(), List.of(), Map.of(), List.of(), Map.of(), null, null, null,
          Map.of(), null, List.of(), List.of(), null, null, null);

  /**
   * A namespace of the container.
   *
   * @param path absolute path of one to join; null for a new one
   */
  public record Namespace(NamespaceKind kind, @Nullable String path) {}

  /**
   * By how much a clock is ahead inside.
   *
   * @param secs may be negative
   * @param nanosecs 0 to 999,999,999
   */
  public record TimeOffset(long secs, long nanosecs) {}

  /**
   * A device node.
   *
   * @param path absolute, inside
   * @param type {@code c}, {@code b} or {@code p}; {@code u} is read as {@code c}
   * @param major 0 for a fifo
   * @param minor 0 for a fifo
   * @param fileMode permission bits, 0 to 07777; null for the default
   * @param uid inside; null for the default
   * @param gid inside; null for the default
   */
  public record Device(
      String path,
      char type,
      long major,
      long minor,
      @Nullable Integer fileMode,
      @Nullable Long uid,
      @Nullable Long gid) {}

  /** How mounts below the root spread (mount_namespaces(7)). */
  public enum Propagation {
    /** Neither receives nor passes on. */
    PRIVATE("private", false),
    /** The same for the mounts below too. */
    RPRIVATE("rprivate", true),
    /** Receives from the machine. */
    SLAVE("slave", false),
    /** The same for the mounts below too. */
    RSLAVE("rslave", true),
    /** Receives and passes on. */
    SHARED("shared", false),
    /** The same for the mounts below too. */
    RSHARED("rshared", true),
    /** As private, and may not be bind-mounted. */
    UNBINDABLE("unbindable", false),
    /** The same for the mounts below too. */
    RUNBINDABLE("runbindable", true);

    private final String word;
    private final boolean recursive;

    Propagation(String word, boolean recursive) {
      this.word = word;
      this.recursive = recursive;
    }

    /** As documents and mount(8) have it. */
    public String word() {
      return word;
    }

    /** Whether the mounts below are meant too. */
    public boolean recursive() {
      return recursive;
    }
  }

  /** The execution domain for personality(2). */
  public enum Personality {
    /** {@code PER_LINUX}, 0. */
    LINUX(0),
    /** {@code PER_LINUX32}, 8: uname(2) names the 32-bit machine. */
    LINUX32(8);

    private final int number;

    Personality(int number) {
      this.number = number;
    }

    /** The argument of personality(2). */
    public int number() {
      return number;
    }
  }

  /**
   * For set_mempolicy(2).
   *
   * @param mode its number without flags ({@code MPOL_DEFAULT} is 0)
   * @param nodes a list such as {@code 0-3,7}, empty for none
   * @param flags of {@code MPOL_F_}, or-ed
   */
  public record MemoryPolicy(int mode, String nodes, int flags) {}

  /**
   * The name of a setting with dots, which {@code sysctl} may have with slashes: {@code
   * net/ipv4/conf/eth0.1/forwarding} is {@code net.ipv4.conf.eth0/1.forwarding} (sysctl(8)).
   */
  public static String sysctlName(String name) {
    int slash = name.indexOf('/');
    int dot = name.indexOf('.');
    return slash < 0 || (dot >= 0 && dot < slash) ? name : swapped(name);
  }

  /** The file of a setting below /proc/sys. */
  public static String sysctlFile(String name) {
    return swapped(sysctlName(name));
  }

  private static String swapped(String name) {
    var out = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.setCharAt(i, c == '/' ? '.' : c == '.' ? '/' : c);
    }
    return out.toString();
  }

  /** The entry for {@code kind}; null if the container has the runtime's. */
  public @Nullable Namespace namespace(NamespaceKind kind) {
    for (var namespace : namespaces) {
      if (namespace.kind() == kind) {
        return namespace;
      }
    }
    return null;
  }

  /** Whether a new namespace of {@code kind} is to be made. */
  public boolean isNew(NamespaceKind kind) {
    var namespace = namespace(kind);
    return namespace != null && namespace.path() == null;
  }
}
