package bailey.core.subsystem;

import bailey.core.container.ControlFile;
import bailey.core.container.Unit;
import bailey.core.container.Word;
import bailey.core.spec.NamespaceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Host name and NIS domain name.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/uts_namespaces.7.html">uts_namespaces(7)</a>
 */
public final class UtsNamespace implements Namespace {
  private static final Word NAME = new Word(64, "build-7"); // __NEW_UTS_LEN, linux/utsname.h
  private static final Map<ControlFile, String> SYSCTLS = sysctls();

  private static Map<ControlFile, String> sysctls() {
    var files = new LinkedHashMap<ControlFile, String>();
    files.put(
        ControlFile.setting("uts.hostname", Unit.TEXT, NAME, "what the host is called"),
        "kernel/hostname");
    files.put(
        ControlFile.setting("uts.domainname", Unit.TEXT, NAME, "the NIS domain"),
        "kernel/domainname");
    return files;
  }

  /** The one instance that is needed. */
  public UtsNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return List.copyOf(SYSCTLS.keySet());
  }

  @Override
  public Optional<String> sysctl(ControlFile file) {
    return Optional.ofNullable(SYSCTLS.get(file));
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.UTS;
  }
}
