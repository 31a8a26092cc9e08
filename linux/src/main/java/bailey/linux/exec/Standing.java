package bailey.linux.exec;

import bailey.linux.proc.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where in the machine a process is, and what it may: what a plan is made for, and what a process
 * of less than that must not get from one that has more. Control groups are not in it: a planner
 * looks at those of its caller.
 *
 * <p>Landlock (landlock(7)) is not to be seen from outside and not in it.
 *
 * @param credentials lines of /proc/PID/status: ids, groups, capabilities that it has and could
 *     get, no_new_privs, seccomp filters by their number. Not the inheritable and ambient ones,
 *     which change only what a program that it executes gets
 * @param namespaces all of its own and of its children
 * @param root its root directory as the reader sees it: {@code /} where it is the same
 * @param label of the security module, empty without one
 */
record Standing(String credentials, String namespaces, String root, String label) {
  private static final String[] LINES = {
    "Uid:",
    "Gid:",
    "Groups:",
    "CapPrm:",
    "CapEff:",
    "CapBnd:",
    "NoNewPrivs:",
    "Seccomp:",
    "Seccomp_filters:"
  };

  /** Links in /proc/PID/ns. */
  static final List<String> NAMESPACES =
      List.of(
          "cgroup",
          "ipc",
          "mnt",
          "net",
          "pid",
          "pid_for_children",
          "time",
          "time_for_children",
          "user",
          "uts");

  /**
   * Of the process whose directory of /proc this is; empty if it has ended, or hides something of
   * this.
   *
   * @param directory a path that leads to it, with a slash at the end
   */
  static Optional<Standing> read(String directory) {
    var namespaces = new StringBuilder();
    try {
      for (var kind : NAMESPACES) {
        namespaces.append(namespace(directory + "ns/" + kind)).append(' ');
      }
      return Optional.of(
          new Standing(
              credentials(KernelFile.read(directory + "status").orElse("")),
              namespaces.toString(),
              Files.readSymbolicLink(Path.of(directory + "root")).toString(),
              KernelFile.read(directory + "attr/current").orElse("")));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Of a kind that this kernel lacks nobody has one. */
  private static String namespace(String link) throws IOException {
    try {
      return Files.readSymbolicLink(Path.of(link)).toString();
    } catch (NoSuchFileException _) {
      return "-";
    }
  }

  /** The lines that matter of such a file. */
  static String credentials(String status) {
    var kept = new StringBuilder();
    int from = 0;
    while (from < status.length()) {
      int end = status.indexOf('\n', from);
      end = end < 0 ? status.length() : end + 1;
      for (var name : LINES) {
        if (status.startsWith(name, from)) {
          kept.append(status, from, end);
        }
      }
      from = end;
    }
    return kept.toString();
  }
}
