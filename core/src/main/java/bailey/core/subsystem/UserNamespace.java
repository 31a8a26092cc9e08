package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Optional;

/**
 * Users, groups, capabilities: who is root.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>
 */
public final class UserNamespace implements Namespace {

  private static final List<String> KINDS =
      List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

  /** {@code user.max_pid_namespaces} and so on: the same names as the sysctls have. */
  private static final List<ControlFile> FILES =
      KINDS.stream()
          .map(
              kind ->
                  ControlFile.setting(
                      "user.max_" + kind + "_namespaces",
                      Unit.COUNT,
                      Amount.between(0, Integer.MAX_VALUE),
                      "the most " + kind + " namespaces that a user may make in it"))
          .toList();

  /** The one instance that is needed. */
  public UserNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return FILES;
  }

  @Override
  public Optional<String> sysctl(ControlFile file) {
    return Optional.of("user/" + file.name().substring("user.".length()));
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.USER;
  }
}
