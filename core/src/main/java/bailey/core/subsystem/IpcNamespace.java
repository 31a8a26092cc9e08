package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.Amount.Notation;
import bailey.core.container.Choice;
import bailey.core.container.ControlFile;
import bailey.core.container.Numbers;
import bailey.core.container.Unit;
import bailey.core.container.ValueFormat;
import bailey.core.spec.NamespaceKind;
import java.util.List;
import java.util.Optional;

/**
 * System V IPC objects and POSIX message queues.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/ipc_namespaces.7.html">ipc_namespaces(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/sysvipc.7.html">sysvipc(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/mq_overview.7.html">mq_overview(7)</a>
 */
public final class IpcNamespace implements Namespace {
  /** SHMMAX and SHMALL, linux/shm.h: ULONG_MAX - (1UL << 24), the kernel's "no limit". */
  private static final String SHM_UNLIMITED = "18446744073692774399";

  private static final Amount INT_BYTES = new Amount(Notation.BYTES, 0, Integer.MAX_VALUE, false);

  /** IPCMNI, ipc/util.h, without ipcmni_extend. */
  private static final long MOST_IDS = 32_768;

  /** HARD_MSGMAX and HARD_MSGSIZEMAX of ipc/mqueue.c's sysctls (ipc/mq_sysctl.c). */
  private static final Amount QUEUE_MESSAGES = Amount.between(1, 65_536);

  private static final Amount QUEUE_MESSAGE_BYTES =
      new Amount(Notation.BYTES, 128, 16 << 20, false);

  private static final NamespaceFiles FILES =
      new NamespaceFiles()
          .with(
              limit("shmmax", Unit.BYTES, Amount.BYTES_OR_MAX, "the largest shared memory segment"),
              unlimited("kernel/shmmax"))
          .with(
              limit(
                  "shmall",
                  Unit.COUNT,
                  new Amount(Notation.DIGITS, 0, Long.MAX_VALUE, true),
                  "the most pages in all shared memory segments"),
              unlimited("kernel/shmall"))
          .with(
              limit(
                  "shmmni",
                  Unit.COUNT,
                  Amount.between(0, MOST_IDS),
                  "the most shared memory segments"),
              "kernel/shmmni")
          .with(
              ControlFile.setting(
                  "ipc.shm_rmid_forced",
                  Unit.TEXT,
                  Choice.of("0", "1"),
                  "whether a segment goes with the last process that has it attached"),
              "kernel/shm_rmid_forced")
          .with(limit("msgmax", Unit.BYTES, INT_BYTES, "the largest message"), "kernel/msgmax")
          .with(
              limit("msgmnb", Unit.BYTES, INT_BYTES, "the most bytes waiting in a message queue"),
              "kernel/msgmnb")
          .with(
              limit("msgmni", Unit.COUNT, Amount.between(0, MOST_IDS), "the most message queues"),
              "kernel/msgmni")
          .with(
              limit(
                  "sem",
                  Unit.COUNT,
                  new Numbers(
                      List.of("SEMMSL", "SEMMNS", "SEMOPM", "SEMMNI"),
                      List.of(
                          (long) Integer.MAX_VALUE,
                          (long) Integer.MAX_VALUE,
                          (long) Integer.MAX_VALUE,
                          MOST_IDS),
                      "250 32000 32 128"),
                  "the most semaphores in a set, semaphores, operations in a call, and sets"),
              new NamespaceSource.Sysctl(
                  "kernel/sem", v -> v, text -> text.replace('\t', ' '), Optional.empty()))
          .with(
              limit(
                  "mq_queues_max",
                  Unit.COUNT,
                  Amount.between(0, Integer.MAX_VALUE),
                  "the most POSIX message queues"),
              "fs/mqueue/queues_max")
          .with(
              limit(
                  "mq_msg_max",
                  Unit.COUNT,
                  QUEUE_MESSAGES,
                  "the most messages in a POSIX queue that asks for a number"),
              "fs/mqueue/msg_max")
          .with(
              ControlFile.setting(
                  "ipc.mq_msg_default",
                  Unit.COUNT,
                  QUEUE_MESSAGES,
                  "the most messages in a POSIX queue that does not ask"),
              "fs/mqueue/msg_default")
          .with(
              limit(
                  "mq_msgsize_max",
                  Unit.BYTES,
                  QUEUE_MESSAGE_BYTES,
                  "the largest message of a POSIX queue that asks for a size"),
              "fs/mqueue/msgsize_max")
          .with(
              ControlFile.setting(
                  "ipc.mq_msgsize_default",
                  Unit.BYTES,
                  QUEUE_MESSAGE_BYTES,
                  "the largest message of a POSIX queue that does not ask"),
              "fs/mqueue/msgsize_default");

  private static ControlFile limit(String name, Unit unit, ValueFormat format, String meaning) {
    return ControlFile.limit("ipc." + name, unit, format, meaning);
  }

  private static NamespaceSource unlimited(String sysctl) {
    return new NamespaceSource.Sysctl(
        sysctl,
        value -> value.equals("max") ? SHM_UNLIMITED : value,
        text -> text.length() >= SHM_UNLIMITED.length() ? "max" : text,
        Optional.empty());
  }

  /** The one instance that is needed. */
  public IpcNamespace() {}

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.IPC;
  }
}
