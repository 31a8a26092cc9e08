package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Unit;
import bailey.core.container.Word;
import bailey.core.spec.NamespaceKind;

/**
 * Host name and NIS domain name.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/uts_namespaces.7.html">uts_namespaces(7)</a>
 */
public final class UtsNamespace implements Namespace {
  private static final Word NAME = new Word(64, "build-7"); // __NEW_UTS_LEN, linux/utsname.h
  private static final NamespaceFiles FILES =
      new NamespaceFiles()
          .with(
              ControlFile.setting("uts.hostname", Unit.TEXT, NAME, "what the host is called"),
              "kernel/hostname")
          .with(
              ControlFile.setting("uts.domainname", Unit.TEXT, NAME, "the NIS domain"),
              "kernel/domainname");

  /** The one instance that is needed. */
  public UtsNamespace() {}

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.UTS;
  }
}
