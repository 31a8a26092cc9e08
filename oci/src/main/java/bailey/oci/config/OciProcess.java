package bailey.oci.config;

import bailey.core.spec.CapabilitySet;
import bailey.core.spec.Rlimit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process to run: {@code process} of config.json, or the whole of the process.json of {@code
 * exec}.
 *
 * @param terminal whether it gets a pseudo-terminal
 * @param consoleSize of that terminal; null without one, whatever the document says
 * @param user whom it runs as
 * @param args the command, at least one; sought in {@code PATH} of {@code env} unless it has a
 *     slash
 * @param env {@code NAME=value} each
 * @param cwd absolute path inside
 * @param capabilities null if not given
 * @param rlimits at most one for each resource
 * @param apparmorProfile null or not empty
 * @param selinuxLabel null or not empty
 * @param oomScoreAdj -1000 to 1000; null to leave it as it is
 */
public record OciProcess(
    boolean terminal,
    @Nullable ConsoleSize consoleSize,
    User user,
    List<String> args,
    List<String> env,
    String cwd,
    @Nullable Capabilities capabilities,
    List<Rlimit> rlimits,
    boolean noNewPrivileges,
    @Nullable String apparmorProfile,
    @Nullable String selinuxLabel,
    @Nullable Integer oomScoreAdj,
    @Nullable Scheduler scheduler,
    @Nullable IoPriority ioPriority,
    @Nullable CpuAffinity execCpuAffinity) {

  /** A terminal's size in characters, each 0 to 65535. */
  public record ConsoleSize(int height, int width) {}

  /**
   * Ids inside of the container, each 0 to 2^32-2.
   *
   * @param umask 0 to 0777, null for the default
   */
  public record User(long uid, long gid, @Nullable Integer umask, List<Long> additionalGids) {}

  /**
   * The five sets of capabilities(7); names that bailey does not know are left out, with a warning.
   */
  public record Capabilities(
      CapabilitySet bounding,
      CapabilitySet effective,
      CapabilitySet inheritable,
      CapabilitySet permitted,
      CapabilitySet ambient) {}

  /**
   * For sched_setattr(2).
   *
   * @param policy its number ({@code SCHED_OTHER} is 0)
   * @param nice -20 to 19
   * @param priority 0 to 99
   * @param flags of {@code SCHED_FLAG_}, or-ed
   * @param runtime in nanoseconds, for SCHED_DEADLINE, as {@code deadline} and {@code period}
   */
  public record Scheduler(
      int policy, int nice, int priority, long flags, long runtime, long deadline, long period) {}

  /**
   * For ioprio_set(2).
   *
   * @param ioClass its number: 1 real time, 2 best effort, 3 idle
   * @param priority 0 to 7, lower is served first
   */
  public record IoPriority(int ioClass, int priority) {}

  /**
   * The CPUs of a process that joins the container, as lists such as {@code 0-3,7}.
   *
   * @param initial from its start, before it is in the container's groups; null for none
   * @param last once it is in them ({@code final} in the document); null for none
   */
  public record CpuAffinity(@Nullable String initial, @Nullable String last) {}
}
