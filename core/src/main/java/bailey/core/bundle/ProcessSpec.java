package bailey.core.bundle;

import bailey.core.spec.CapabilitySet;
import bailey.core.spec.Rlimit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A process of a bundle's container.
 *
 * @param arguments the program and its arguments; a program without a slash is looked for along the
 *     PATH of {@code environment}
 * @param environment {@code NAME=VALUE} each
 * @param directory it starts in, absolute
 * @param terminal whether it gets one
 * @param size of that: rows and columns
 * @param uid user id inside
 * @param gid group id inside
 * @param groups further group ids inside
 * @param umask of its files
 * @param capabilities what it may do
 * @param noNewPrivileges whether set-user-id bits are without effect
 * @param rlimits resource limits
 * @param oomScore /proc/PID/oom_score_adj; empty: as its starter's
 * @param scheduling how it shares CPUs and disks
 * @param personality execution domain; empty: as its starter's
 * @param label what is written to its attr/exec files
 * @param filter of its system calls
 */
public record ProcessSpec(
    List<String> arguments,
    List<String> environment,
    String directory,
    boolean terminal,
    Optional<TerminalSize> size,
    int uid,
    int gid,
    List<Integer> groups,
    int umask,
    Capabilities capabilities,
    boolean noNewPrivileges,
    List<Rlimit> rlimits,
    OptionalInt oomScore,
    Scheduling scheduling,
    OptionalInt personality,
    SecurityLabel label,
    Optional<Filter> filter) {
  /** The size of a terminal. */
  public record TerminalSize(int rows, int columns) {}

  /** The five sets of capabilities(7). */
  public record Capabilities(
      CapabilitySet effective,
      CapabilitySet permitted,
      CapabilitySet inheritable,
      CapabilitySet bounding,
      CapabilitySet ambient) {}

  /**
   * Labels that a security module gives to the program that is executed.
   *
   * @param selinux context
   * @param apparmor profile
   */
  public record SecurityLabel(Optional<String> selinux, Optional<String> apparmor) {
    /** None. */
    public static final SecurityLabel NONE = new SecurityLabel(Optional.empty(), Optional.empty());
  }

  /**
   * How a process shares CPUs and disks.
   *
   * @param attributes struct sched_attr of sched_setattr(2), little endian
   * @param io argument of ioprio_set(2): class and priority
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Scheduling(Optional<byte[]> attributes, OptionalInt io, Optional<Memory> memory) {
    /** As its starter. */
    public static final Scheduling INHERITED =
        new Scheduling(Optional.empty(), OptionalInt.empty(), Optional.empty());
  }

  /**
   * Where memory comes from, for set_mempolicy(2).
   *
   * @param mode with its flags
   * @param nodes bit n is node n
   */
  public record Memory(int mode, long nodes) {}

  /**
   * A system call filter.
   *
   * @param program struct sock_filter, 8 bytes each
   * @param flags SECCOMP_FILTER_FLAG_ of seccomp(2)
   * @param listener who is asked about calls
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Filter(byte[] program, long flags, Optional<Listener> listener) {}

  /**
   * Who is asked about calls of a filter.
   *
   * @param socket path of a socket that gets the descriptor
   * @param metadata sent with it
   */
  public record Listener(String socket, String metadata) {}

  /** Copies. */
  public ProcessSpec {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    groups = List.copyOf(groups);
    rlimits = List.copyOf(rlimits);
  }
}
