package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.ControlFile;
import bailey.core.container.Unit;
import bailey.core.spec.NamespaceKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * System V IPC objects and POSIX message queues.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/ipc_namespaces.7.html">ipc_namespaces(7)</a>
 */
public final class IpcNamespace implements Namespace {
  private static final Amount INT_BYTES =
      new Amount(Amount.Notation.BYTES, 0, Integer.MAX_VALUE, false);
  private static final Map<ControlFile, String> SYSCTLS = sysctls();

  private static Map<ControlFile, String> sysctls() {
    var files = new LinkedHashMap<ControlFile, String>();
    files.put(
        ControlFile.setting(
            "ipc.shmmax", Unit.BYTES, Amount.BYTES, "the largest shared memory segment"),
        "kernel/shmmax");
    files.put(
        ControlFile.setting(
            "ipc.shmall", Unit.COUNT, Amount.COUNT, "the most pages in all shared memory segments"),
        "kernel/shmall");
    files.put(
        ControlFile.setting(
            "ipc.shmmni", Unit.COUNT, Amount.between(0, 32768), "the most shared memory segments"),
        "kernel/shmmni");
    files.put(
        ControlFile.setting("ipc.msgmax", Unit.BYTES, INT_BYTES, "the largest message"),
        "kernel/msgmax");
    files.put(
        ControlFile.setting(
            "ipc.msgmnb", Unit.BYTES, INT_BYTES, "the most bytes waiting in a message queue"),
        "kernel/msgmnb");
    files.put(
        ControlFile.setting(
            "ipc.msgmni", Unit.COUNT, Amount.between(0, 32768), "the most message queues"),
        "kernel/msgmni");
    files.put(
        ControlFile.setting(
            "ipc.mq_queues_max",
            Unit.COUNT,
            Amount.between(0, Integer.MAX_VALUE),
            "the most POSIX message queues"),
        "fs/mqueue/queues_max");
    files.put(
        ControlFile.setting(
            "ipc.mq_msg_max",
            Unit.COUNT,
            Amount.between(1, 65536),
            "the most messages in a POSIX queue"),
        "fs/mqueue/msg_max");
    files.put(
        ControlFile.setting(
            "ipc.mq_msgsize_max",
            Unit.BYTES,
            new Amount(Amount.Notation.BYTES, 128, 16 << 20, false),
            "the largest message of a POSIX queue"),
        "fs/mqueue/msgsize_max");
    return files;
  }

  /** The one instance that is needed. */
  public IpcNamespace() {}

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
    return NamespaceKind.IPC;
  }
}
