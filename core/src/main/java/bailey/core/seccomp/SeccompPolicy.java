package bailey.core.seccomp;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.SyscallAbi;
import bailey.core.abi.SyscallTable;
import bailey.core.spec.CapabilitySet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which system calls a container may make. For a call of {@code arch} that bailey knows, the first
 * rule that names it and whose tests are all true decides; if none does, {@code otherwise}.
 *
 * @param arch the architecture whose numbers count
 * @param rules in order
 * @param otherwise for a known call that no rule decides
 * @param unknown for a call that bailey does not know, because a newer kernel added it: ENOSYS is
 *     what the C library expects of a kernel that lacks a call, and falls back on; EPERM it reports
 *     as an error (opencontainers/runc pull request 2750)
 * @param foreign for a call of another architecture: on x86-64 {@code int 0x80}, on aarch64 a
 *     32-bit program. Calls of x32, which share x86-64's mark, get ENOSYS always, as from a kernel
 *     without it
 */
public record SeccompPolicy(
    Arch arch,
    List<SeccompRule> rules,
    SeccompAction otherwise,
    SeccompAction unknown,
    SeccompAction foreign) {

  /** Keeps its own copy. */
  public SeccompPolicy {
    rules = List.copyOf(rules);
  }

  /**
   * The default of a container that has its own pid namespace: an allow list, that of Docker with
   * the differences that docs/security.md lists, which is also where its sources are named.
   *
   * @param kept the capabilities that the container keeps; some open further calls
   */
  public static SeccompPolicy standard(Arch arch, CapabilitySet kept) {
    return standard(arch, StandardRules.of(kept, true));
  }

  /**
   * As {@link #standard}, but for a container that sees processes of outside, because it shares a
   * pid namespace: it may not trace nor read the memory of another process unless it keeps
   * CAP_SYS_PTRACE.
   */
  public static SeccompPolicy standardAmongOthers(Arch arch, CapabilitySet kept) {
    return standard(arch, StandardRules.of(kept, false));
  }

  /**
   * As {@link #standard}, but for a container that is a boundary: containers may be made in it, by
   * namespaces and mounts, whatever capabilities it keeps, and what deals with the machine as a
   * whole is refused, whatever it keeps.
   */
  public static SeccompPolicy boundary(Arch arch, CapabilitySet kept) {
    return standard(arch, StandardRules.ofBoundary(kept));
  }

  private static SeccompPolicy standard(Arch arch, List<SeccompRule> rules) {
    return new SeccompPolicy(
        arch,
        rules,
        SeccompAction.errno(Errno.EPERM),
        SeccompAction.errno(Errno.ENOSYS),
        SeccompAction.KILL_PROCESS);
  }

  /**
   * The program for seccomp(2): {@code struct sock_filter}, 8 bytes each, little endian.
   *
   * @throws bailey.core.error.BadRequest if it takes more instructions than the kernel does
   */
  public byte[] assemble() {
    var abi = SyscallAbi.of(arch);
    int newest = SyscallTable.of(abi).highest();
    var section = new SeccompFilter.Section(abi, rules, otherwise, unknown, newest);
    return new SeccompFilter(List.of(section), foreign).assemble();
  }

  /** One line for each rule, then the three actions. */
  @Override
  public String toString() {
    return rules.stream().map(rule -> rule + "\n").collect(Collectors.joining())
        + otherwise
        + " any other call of "
        + arch.machine()
        + "\n"
        + unknown
        + " calls newer than bailey\n"
        + foreign
        + " calls of other architectures\n";
  }
}
