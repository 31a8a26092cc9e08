package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource.IdMap;
import bailey.core.subsystem.NamespaceSource.OfProcess;
import java.util.List;

/**
 * Users, groups, capabilities: who is root. The maps are written once, when the namespace is made:
 * the kernel takes no second one.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>
 */
public final class UserNamespace implements Namespace {
  /** The control file of its users. */
  public static final String USERS = "user.uid_map";

  /** The control file of its groups. */
  public static final String GROUPS = "user.gid_map";

  private static final List<String> KINDS =
      List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

  private static final NamespaceFiles FILES = listed();

  private static NamespaceFiles listed() {
    var files = new NamespaceFiles();
    for (var kind : KINDS) {
      files.with(
          ControlFile.limit(
              "user.max_" + kind + "_namespaces",
              Unit.COUNT,
              Amount.between(0, Integer.MAX_VALUE),
              "the most " + kind + " namespaces that a user may make in it"),
          "user/max_" + kind + "_namespaces");
    }
    return files
        .with(map(USERS, "users"), new IdMap("uid_map"))
        .with(map(GROUPS, "groups"), new IdMap("gid_map"))
        .with(
            ControlFile.figure(
                "user.setgroups",
                Unit.TEXT,
                Report.LINE,
                "whether its processes may choose their groups: allow or deny"),
            new OfProcess("setgroups", text -> text));
  }

  private static ControlFile map(String name, String what) {
    return ControlFile.setting(
        name,
        Unit.TEXT,
        new IdRanges(),
        "its " + what + ", those of outside that they are, and how many; set before it is made");
  }

  /** The one instance that is needed. */
  public UserNamespace() {}

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.USER;
  }
}
