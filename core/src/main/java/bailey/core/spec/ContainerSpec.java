package bailey.core.spec;

import bailey.core.container.ContainerPath;
import bailey.core.error.BadRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a container is to be. Immutable; made by {@link #builder}. The defaults are those of {@code
 * bailey run}: every wall up, the machine's root copy-on-write, the documented capabilities, the
 * default seccomp filter.
 *
 * @param name its path in the tree of containers; empty: one is made up
 * @param root its root directory
 * @param readOnly whether its root cannot be written
 * @param mounts further mounts, in this order
 * @param namespaces which namespace of each kind; kinds that are not here get one of their own,
 *     except user and time, which stay the starter's; time not where an offset of a clock is set
 * @param userMapping the user namespace, where {@code namespaces} has none
 * @param hostname its host name; empty: its name
 * @param controls control files and their values, in the order in which they are set
 * @param accounted whether what it uses is counted even where no limit needs it
 * @param identity who the command runs as; empty: root of the container
 * @param capabilities what is kept
 * @param seccomp whether the default system call filter is on
 * @param noNewPrivileges whether programs inside cannot gain privileges by set-user-id bits
 * @param environment of the command, whole
 * @param directory the working directory; empty: the starter's where it exists inside, else {@code
 *     /}
 * @param rlimits resource limits
 * @param init whether process 1 is bailey's own, which reaps and forwards signals
 * @param terminal whether the command gets a terminal of its own
 * @param timeout after which everything in it is killed; zero: none
 * @param detached whether it outlives its starter; created without a command, its maker
 * @param removed whether nothing but its report is kept when it ends, as is the default
 * @param log file for the output of a detached container; empty: discarded
 * @param revealed secrets of the machine that are not to be hidden, as paths
 * @param boundary whether it is the root of a hierarchy of its own for those inside, who may make
 *     containers in it
 * @param proc whose memory, CPUs and load it sees in /proc
 */
public record ContainerSpec(
    Optional<ContainerPath> name,
    RootRequest root,
    boolean readOnly,
    List<MountRequest> mounts,
    Map<NamespaceKind, NamespaceRequest> namespaces,
    UserMapping userMapping,
    Optional<String> hostname,
    Map<String, String> controls,
    boolean accounted,
    Optional<IdentityRequest> identity,
    CapabilitySet capabilities,
    boolean seccomp,
    boolean noNewPrivileges,
    Map<String, String> environment,
    Optional<String> directory,
    List<Rlimit> rlimits,
    boolean init,
    boolean terminal,
    Duration timeout,
    boolean detached,
    boolean removed,
    Optional<String> log,
    List<String> revealed,
    boolean boundary,
    ProcRequest proc) {
  /** Copies and checks what can be checked without looking at a machine. */
  public ContainerSpec {
    mounts = List.copyOf(mounts);
    namespaces = Map.copyOf(namespaces);
    controls = Collections.unmodifiableMap(new LinkedHashMap<>(controls));
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    rlimits = List.copyOf(rlimits);
    revealed = List.copyOf(revealed);
    hostname.ifPresent(ContainerSpec::checkHostname);
    environment.forEach(ContainerSpec::checkVariable);
    if (timeout.isNegative()) {
      throw new BadRequest("--timeout: " + timeout + " is negative; write a duration such as 30s");
    }
    if (boundary) {
      checkBoundary(namespaces);
    }
    if (terminal && detached) {
      throw new BadRequest(
          "--tty: a detached container has no terminal to show it on; leave out --detach or --tty");
    }
  }

  /** Only what sees nothing of outside can be the root of what it sees. */
  private static void checkBoundary(Map<NamespaceKind, NamespaceRequest> namespaces) {
    for (var kind : List.of(NamespaceKind.PID, NamespaceKind.MNT, NamespaceKind.CGROUP)) {
      if (!(namespaces.getOrDefault(kind, NamespaceRequest.NEW) instanceof NamespaceRequest.New)) {
        throw new BadRequest(
            "--boundary: inside it would see the "
                + kind.file()
                + " namespace of others; leave out --share "
                + kind.file()
                + " and --join "
                + kind.file());
      }
    }
  }

  private static void checkHostname(String name) {
    if (name.isEmpty() || name.length() > 64 || name.indexOf('\0') >= 0) {
      throw new BadRequest(
          "--hostname: \""
              + name
              + "\" has "
              + name.length()
              + " characters; it must have 1 to 64");
    }
  }

  private static void checkVariable(String name, String value) {
    if (name.isEmpty()
        || name.indexOf('=') >= 0
        || name.indexOf('\0') >= 0
        || value.indexOf('\0') >= 0) {
      throw new BadRequest(
          "--env: \"" + name + "\" cannot be the name of a variable; write NAME=VALUE");
    }
  }

  /**
   * The namespace of a kind that a container of this spec gets, before user mappings are
   * considered.
   */
  public NamespaceRequest namespace(NamespaceKind kind) {
    var request = namespaces.get(kind);
    if (request != null) {
      return request;
    }
    return switch (kind) {
      case USER -> userMapping == UserMapping.AUTO ? NamespaceRequest.NEW : NamespaceRequest.SHARED;
      case TIME -> setsTime() ? NamespaceRequest.NEW : NamespaceRequest.SHARED;
      case PID, MNT, UTS, IPC, NET, CGROUP -> NamespaceRequest.NEW;
    };
  }

  /**
   * The namespaces that are made with the container and stay without a task until it is removed:
   * where it is created before its first command is started, those that are asked for by name.
   * Others come and go with the command.
   */
  public Set<NamespaceKind> pinned() {
    var kinds = EnumSet.noneOf(NamespaceKind.class);
    namespaces.forEach(
        (kind, request) -> {
          if (request instanceof NamespaceRequest.New) {
            kinds.add(kind);
          }
        });
    return kinds;
  }

  /** The same with no other namespaces of its own than those {@link #pinned}. */
  public ContainerSpec ofPinned() {
    var builder = toBuilder();
    var kept = pinned();
    for (var kind : NamespaceKind.values()) {
      builder.namespace(kind, kept.contains(kind) ? NamespaceRequest.NEW : NamespaceRequest.SHARED);
    }
    return builder.build();
  }

  /**
   * The same for its first command, which enters those {@link #pinned}.
   *
   * @param directory where they are held, each by a file with the name of its kind
   */
  public ContainerSpec entering(String directory) {
    var builder = toBuilder();
    for (var kind : pinned()) {
      builder.namespace(kind, new NamespaceRequest.Joined(directory + "/" + kind.file()));
    }
    return builder.build();
  }

  /** Offsets of clocks are those of a time namespace. */
  private boolean setsTime() {
    return controls.keySet().stream().anyMatch(control -> control.startsWith("time."));
  }

  /** A builder with all that this has, to change some of it. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Whether it is to see itself in /proc, as far as that can be had. */
  public boolean seesItself() {
    return proc.isView(boundary) && namespace(NamespaceKind.MNT) instanceof NamespaceRequest.New;
  }

  /** The same without some of the control files. */
  public ContainerSpec withoutControls(Collection<String> files) {
    var builder = toBuilder();
    builder.controls.keySet().removeAll(files);
    return builder.build();
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a spec. Not for use by several threads. */
  public static final class Builder {
    private @Nullable ContainerPath name;
    private RootRequest root = RootRequest.HOST;
    private boolean readOnly;
    private final List<MountRequest> mounts = new ArrayList<>();
    private final Map<NamespaceKind, NamespaceRequest> namespaces =
        new EnumMap<>(NamespaceKind.class);
    private UserMapping userMapping = UserMapping.HOST;
    private @Nullable String hostname;
    private final Map<String, String> controls = new LinkedHashMap<>();
    private boolean accounted = true;
    private @Nullable IdentityRequest identity;
    private CapabilitySet capabilities = CapabilitySet.CONTAINER_DEFAULT;
    private boolean seccomp = true;
    private boolean noNewPrivileges = true;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private @Nullable String directory;
    private final List<Rlimit> rlimits = new ArrayList<>();
    private boolean init = true;
    private boolean terminal;
    private Duration timeout = Duration.ZERO;
    private boolean detached;
    private boolean removed = true;
    private @Nullable String log;
    private final List<String> revealed = new ArrayList<>();
    private boolean boundary;
    private ProcRequest proc = ProcRequest.USUAL;

    private Builder() {}

    private Builder(ContainerSpec spec) {
      name = spec.name.orElse(null);
      root = spec.root;
      readOnly = spec.readOnly;
      mounts.addAll(spec.mounts);
      namespaces.putAll(spec.namespaces);
      userMapping = spec.userMapping;
      hostname = spec.hostname.orElse(null);
      controls.putAll(spec.controls);
      accounted = spec.accounted;
      identity = spec.identity.orElse(null);
      capabilities = spec.capabilities;
      seccomp = spec.seccomp;
      noNewPrivileges = spec.noNewPrivileges;
      environment.putAll(spec.environment);
      directory = spec.directory.orElse(null);
      rlimits.addAll(spec.rlimits);
      init = spec.init;
      terminal = spec.terminal;
      timeout = spec.timeout;
      detached = spec.detached;
      removed = spec.removed;
      log = spec.log.orElse(null);
      revealed.addAll(spec.revealed);
      boundary = spec.boundary;
      proc = spec.proc;
    }

    /** Its path in the tree, such as {@code web} or {@code ci/job-42}. */
    public Builder name(String path) {
      name = ContainerPath.parse("--name", path);
      return this;
    }

    /** Its root directory. */
    public Builder root(RootRequest request) {
      root = request;
      return this;
    }

    /** Its root cannot be written. */
    public Builder readOnly(boolean on) {
      readOnly = on;
      return this;
    }

    /** A further mount. */
    public Builder mount(MountRequest request) {
      mounts.add(request);
      return this;
    }

    /** The namespace of a kind. */
    public Builder namespace(NamespaceKind kind, NamespaceRequest request) {
      namespaces.put(kind, request);
      return this;
    }

    /** The user namespace. */
    public Builder userMapping(UserMapping mapping) {
      userMapping = mapping;
      return this;
    }

    /** Its host name, 1 to 64 characters. */
    public Builder hostname(String value) {
      hostname = value;
      return this;
    }

    /** A control file, such as {@code memory.max}, and its value. */
    public Builder control(String file, String value) {
      controls.put(file, value);
      return this;
    }

    /** {@code memory.max}, for example {@code 64M}. */
    public Builder memory(String limit) {
      return control("memory.max", Limit.parse("--memory", limit).toString());
    }

    /** {@code pids.max}, at least 1. */
    public Builder pids(long limit) {
      return control("pids.max", Long.toString(limit));
    }

    /** {@code cpu.max} as a number of processors, for example {@code 0.5}. */
    public Builder cpus(String amount) {
      return control("cpu.max", CpuAmount.parse("--cpus", amount).controlText());
    }

    /** Whether what it uses is counted even where no limit needs it. */
    public Builder accounted(boolean on) {
      accounted = on;
      return this;
    }

    /** Who the command runs as. */
    public Builder identity(IdentityRequest request) {
      identity = request;
      return this;
    }

    /** What is kept of the capabilities. */
    public Builder capabilities(CapabilitySet kept) {
      capabilities = kept;
      return this;
    }

    /**
     * Without the walls that are no subsystem: all capabilities of the starter, no filter of system
     * calls, privileges that programs may gain, no process 1 of bailey's. For a hierarchy that says
     * what its containers may use, not what they can see.
     */
    public Builder bare() {
      return capabilities(CapabilitySet.ALL).seccomp(false).noNewPrivileges(false).init(false);
    }

    /** The default system call filter. */
    public Builder seccomp(boolean on) {
      seccomp = on;
      return this;
    }

    /** Whether set-user-id bits are without effect inside. */
    public Builder noNewPrivileges(boolean on) {
      noNewPrivileges = on;
      return this;
    }

    /** A variable of the command's environment, which is empty at first. */
    public Builder environment(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    /** The working directory inside, an absolute path. */
    public Builder directory(String path) {
      if (!path.startsWith("/")) {
        throw new BadRequest(
            "--workdir: " + path + " is not an absolute path; it must start with /");
      }
      directory = path;
      return this;
    }

    /** A resource limit. */
    public Builder rlimit(Rlimit limit) {
      rlimits.add(limit);
      return this;
    }

    /** Whether process 1 is bailey's own. */
    public Builder init(boolean on) {
      init = on;
      return this;
    }

    /** Whether the command gets a terminal of its own. */
    public Builder terminal(boolean on) {
      terminal = on;
      return this;
    }

    /** After this time everything in it is killed; zero: never. */
    public Builder timeout(Duration after) {
      timeout = after;
      return this;
    }

    /** Whether it outlives its starter. */
    public Builder detached(boolean on) {
      detached = on;
      return this;
    }

    /** Whether nothing but its report is kept when it ends. */
    public Builder removed(boolean on) {
      removed = on;
      return this;
    }

    /** File that the output of a detached container is appended to. */
    public Builder log(String path) {
      log = path;
      return this;
    }

    /** A secret of the machine, as its path, that is not to be hidden. */
    public Builder reveal(String path) {
      revealed.add(path);
      return this;
    }

    /** Whether those inside may make containers in it, of which it is the root. */
    public Builder boundary(boolean on) {
      boundary = on;
      return this;
    }

    /** Whose memory, CPUs and load it sees in /proc. */
    public Builder proc(ProcRequest request) {
      proc = request;
      return this;
    }

    /**
     * The spec.
     *
     * @throws BadRequest if its parts contradict each other
     */
    public ContainerSpec build() {
      return new ContainerSpec(
          Optional.ofNullable(name),
          root,
          readOnly,
          mounts,
          namespaces,
          userMapping,
          Optional.ofNullable(hostname),
          controls,
          accounted,
          Optional.ofNullable(identity),
          capabilities,
          seccomp,
          noNewPrivileges,
          environment,
          Optional.ofNullable(directory),
          rlimits,
          init,
          terminal,
          timeout,
          detached,
          removed,
          Optional.ofNullable(log),
          revealed,
          boundary,
          proc);
    }
  }
}
