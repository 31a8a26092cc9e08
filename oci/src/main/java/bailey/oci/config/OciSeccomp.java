package bailey.oci.config;

import bailey.core.seccomp.ArgTest;
import bailey.core.seccomp.SeccompAction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code linux.seccomp} of config.json (config-linux.md, Seccomp).
 *
 * @param defaultAction for a call that no rule is about; {@code defaultErrnoRet} is in it
 * @param architectures by libseccomp's names, such as {@code SCMP_ARCH_X86_64}; empty for the
 *     machine's own
 * @param flags by the kernel's names, such as {@code SECCOMP_FILTER_FLAG_LOG}
 * @param listenerPath of the socket that gets the notification descriptor; null without one
 * @param listenerMetadata sent along with it; null for none
 */
public record OciSeccomp(
    SeccompAction defaultAction,
    List<String> architectures,
    List<String> flags,
    @Nullable String listenerPath,
    @Nullable String listenerMetadata,
    List<Syscall> syscalls) {

  /**
   * A rule about calls.
   *
   * @param names of the calls, at least one
   * @param action {@code errnoRet} is in it
   * @param args tests that must all hold; but where two are about one argument, each alone is
   *     enough (runc and crun make a rule of each)
   */
  public record Syscall(List<String> names, SeccompAction action, List<ArgTest> args) {}
}
