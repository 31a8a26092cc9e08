package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource.TimeOffset;

/**
 * What the monotonic and boot time clocks show. Its offsets can be set until the first task is in
 * it.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/time_namespaces.7.html">time_namespaces(7)</a>
 */
public final class TimeNamespace implements Namespace {
  private static final NamespaceFiles FILES =
      new NamespaceFiles()
          .with(offset("monotonic", "CLOCK_MONOTONIC"), new TimeOffset("monotonic"))
          .with(offset("boottime", "CLOCK_BOOTTIME"), new TimeOffset("boottime"));

  private static ControlFile offset(String name, String clock) {
    return ControlFile.setting(
        "time." + name,
        Unit.SECONDS,
        new Seconds(),
        "how far its " + clock + " is ahead; set before the first task is in it");
  }

  /** The one instance that is needed. */
  public TimeNamespace() {}

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.TIME;
  }
}
