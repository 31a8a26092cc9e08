package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.spec.NamespaceKind;
import java.util.List;

/**
 * What the monotonic and boot time clocks show. Its offsets can be set until the first task is in
 * it.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/time_namespaces.7.html">time_namespaces(7)</a>
 */
public final class TimeNamespace implements Namespace {

  /** The one instance that is needed. */
  public TimeNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return List.of();
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.TIME;
  }
}
