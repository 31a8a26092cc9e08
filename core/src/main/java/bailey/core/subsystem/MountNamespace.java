package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource.OfProcess;
import bailey.core.subsystem.NamespaceSource.ReadOnlyMounts;

/**
 * What is mounted where.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/mount_namespaces.7.html">mount_namespaces(7)</a>
 */
public final class MountNamespace implements Namespace {
  private static final NamespaceFiles FILES =
      new NamespaceFiles()
          .with(
              ControlFile.figure(
                  "mnt.mounts",
                  Unit.TEXT,
                  Report.LINE,
                  "what is mounted: where, which type, ro or rw, and what"),
              new OfProcess("mountinfo", MountTable::list))
          .with(
              ControlFile.setting(
                  "mnt.readonly",
                  Unit.TEXT,
                  new MountSwitch(),
                  "the mount points that are read-only; one is made so, or not any more"),
              new ReadOnlyMounts());

  /** The one instance that is needed. */
  public MountNamespace() {}

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.MNT;
  }
}
