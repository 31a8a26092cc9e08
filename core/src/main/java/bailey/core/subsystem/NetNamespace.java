package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.spec.NamespaceKind;
import java.util.List;

/**
 * Network interfaces, addresses, routes, sockets.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/network_namespaces.7.html">network_namespaces(7)</a>
 */
public final class NetNamespace implements Namespace {

  /** The one instance that is needed. */
  public NetNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return List.of();
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.NET;
  }
}
