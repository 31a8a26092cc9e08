package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.spec.NamespaceKind;
import java.util.List;

/**
 * What is mounted where.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/mount_namespaces.7.html">mount_namespaces(7)</a>
 */
public final class MountNamespace implements Namespace {

  /** The one instance that is needed. */
  public MountNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return List.of();
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.MNT;
  }
}
