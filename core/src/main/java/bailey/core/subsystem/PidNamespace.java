package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.OnEmpty;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Process ids. It lives as long as its first process: once that has ended nothing can be started in
 * it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/pid_namespaces.7.html">pid_namespaces(7)</a>
 */
public final class PidNamespace implements Namespace {

  private static final ControlFile LAST =
      ControlFile.setting(
          "pid.last",
          Unit.COUNT,
          Amount.between(0, 4_194_303),
          "the process id given last; the next one is the first free above it");

  /** The one instance that is needed. */
  public PidNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return List.of(LAST);
  }

  @Override
  public Optional<String> sysctl(ControlFile file) {
    return Optional.of("kernel/ns_last_pid");
  }

  @Override
  public Entry entered() {
    return Entry.BY_NEW_TASK;
  }

  @Override
  public Set<OnEmpty> onEmpty() {
    return EnumSet.of(OnEmpty.NOTIFY, OnEmpty.DELETE);
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.PID;
  }
}
