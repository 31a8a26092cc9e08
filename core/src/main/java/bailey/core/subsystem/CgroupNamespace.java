package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.spec.NamespaceKind;
import java.util.List;

/**
 * Which control group looks like the root.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/cgroup_namespaces.7.html">cgroup_namespaces(7)</a>
 */
public final class CgroupNamespace implements Namespace {

  /** The one instance that is needed. */
  public CgroupNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return List.of();
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.CGROUP;
  }
}
