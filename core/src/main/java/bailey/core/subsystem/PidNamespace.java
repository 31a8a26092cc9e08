package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.OnEmpty;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource.OfProcess;
import bailey.core.subsystem.NamespaceSource.Since;
import bailey.core.subsystem.NamespaceSource.Sysctl;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Process ids. It lives as long as its first process: once that has ended nothing can be started in
 * it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/pid_namespaces.7.html">pid_namespaces(7)</a>
 */
public final class PidNamespace implements Namespace {
  /** RESERVED_PIDS + 1 (kernel/pid.c) to PID_MAX_LIMIT (linux/threads.h). */
  private static final Amount MAX = Amount.between(301, 4_194_304);

  private static final NamespaceFiles FILES =
      new NamespaceFiles()
          .with(
              ControlFile
                  .setting( // no limit: root inside may write it (pid_table_root_permissions())
                      "pid.max", Unit.COUNT, MAX, "process ids are below it; how many is pids.max"),
              new Sysctl(
                  "kernel/pid_max",
                  value -> value,
                  text -> text,
                  Optional.of(
                      new Since(
                          6, 14, "until then it is the machine's: set pids.max, the most tasks"))))
          .with(
              ControlFile.setting(
                  "pid.last",
                  Unit.COUNT,
                  Amount.between(0, 4_194_303),
                  "the process id given last; the next one is the first free above it"),
              "kernel/ns_last_pid")
          .with(
              ControlFile.figure(
                  "pid.level",
                  Unit.COUNT,
                  Amount.COUNT,
                  "how many pid namespaces it is inside of, seen from here"),
              new OfProcess("status", PidNamespace::level));

  /** NSpid has the id in each namespace from the reader's to its own (proc_pid_status(5)). */
  private static String level(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("NSpid:"))
        .map(line -> Integer.toString(line.strip().split("\\s+", -1).length - 2))
        .findFirst()
        .orElse("");
  }

  /** The one instance that is needed. */
  public PidNamespace() {}

  @Override
  public Entry entered() {
    return Entry.BY_NEW_TASK;
  }

  @Override
  public Set<OnEmpty> onEmpty() {
    return EnumSet.of(OnEmpty.NOTIFY, OnEmpty.DELETE);
  }

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.PID;
  }
}
