package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource.OfProcessOnBothSides;

/**
 * Which control group looks like the root.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/cgroup_namespaces.7.html">cgroup_namespaces(7)</a>
 */
public final class CgroupNamespace implements Namespace {
  private static final NamespaceFiles FILES =
      new NamespaceFiles()
          .with(
              ControlFile.figure(
                  "cgroup.root",
                  Unit.TEXT,
                  Report.LINE,
                  "the group that is its root, in each hierarchy"),
              new OfProcessOnBothSides("cgroup", CgroupRoots::of));

  /** The one instance that is needed. */
  public CgroupNamespace() {}

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.CGROUP;
  }
}
