package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.Report;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource.OfProcess;
import java.util.List;

/**
 * Users, groups, capabilities: who is root. The maps are written once, when the namespace is made
 * (the kernel takes no second one), so that they are only read here.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>
 */
public final class UserNamespace implements Namespace {
  private static final List<String> KINDS =
      List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

  private static final NamespaceFiles FILES = files();

  private static NamespaceFiles files() {
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
        .with(map("uid_map", "users"), new OfProcess("uid_map", UserNamespace::blanks))
        .with(map("gid_map", "groups"), new OfProcess("gid_map", UserNamespace::blanks))
        .with(
            ControlFile.figure(
                "user.setgroups",
                Unit.TEXT,
                Report.LINE,
                "whether its processes may choose their groups: allow or deny"),
            new OfProcess("setgroups", text -> text));
  }

  private static ControlFile map(String name, String what) {
    return ControlFile.figure(
        "user." + name,
        Unit.TEXT,
        Report.LINE,
        "its " + what + ", those of the machine that they are, and how many; set when it is made");
  }

  /** The kernel aligns the columns. */
  private static String blanks(String text) {
    return String.join("\n", text.lines().map(l -> l.strip().replaceAll(" +", " ")).toList());
  }

  /** The one instance that is needed. */
  public UserNamespace() {}

  @Override
  public List<ControlFile> controlFiles() {
    return FILES.all();
  }

  @Override
  public NamespaceSource source(ControlFile file) {
    return FILES.source(file);
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.USER;
  }
}
