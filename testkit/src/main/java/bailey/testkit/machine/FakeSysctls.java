package bailey.testkit.machine;

import bailey.core.abi.Errno;
import bailey.core.abi.KernelText;
import bailey.core.spec.NamespaceKind;
import bailey.testkit.machine.OpenFile.Refused;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sysctls that belong to namespaces: a new namespace has the defaults, what is written is in
 * the namespace of the writer only, and checked as the kernel does. Guarded by the machine's lock.
 */
final class FakeSysctls {
  private static final String TOP = "/proc/sys/";
  private static final long INT = Integer.MAX_VALUE;

  private final Map<String, Rule> rules = new LinkedHashMap<>();
  private final Map<Place, String> values = new HashMap<>();

  private record Place(long inode, String name) {}

  /**
   * A sysctl.
   *
   * @param count how many numbers it has; 0: it is a text
   */
  private record Rule(NamespaceKind kind, String initial, int count, long least, long most) {}

  FakeSysctls() {
    text("kernel/hostname", "machine");
    text("kernel/domainname", "(none)");
    ipc("kernel/shmmax", "18446744073692774399", 0, -1);
    ipc("kernel/shmall", "18446744073692774399", 0, -1);
    ipc("kernel/shmmni", "4096", 0, 32_768);
    ipc("kernel/shm_rmid_forced", "0", 0, 1);
    ipc("kernel/msgmax", "8192", 0, INT);
    ipc("kernel/msgmnb", "16384", 0, INT);
    ipc("kernel/msgmni", "32000", 0, 32_768);
    rules.put(
        "kernel/sem", new Rule(NamespaceKind.IPC, "32000\t1024000000\t500\t32000", 4, 0, INT));
    ipc("fs/mqueue/queues_max", "256", 0, INT);
    ipc("fs/mqueue/msg_max", "10", 1, 65_536);
    ipc("fs/mqueue/msg_default", "10", 1, 65_536);
    ipc("fs/mqueue/msgsize_max", "8192", 128, 16 << 20);
    ipc("fs/mqueue/msgsize_default", "8192", 128, 16 << 20);
    number(NamespaceKind.PID, "kernel/pid_max", "4194304", 301, 4_194_304);
    number(NamespaceKind.PID, "kernel/ns_last_pid", "2", 0, 4_194_304);
    for (var kind : NamespaceKind.values()) {
      number(NamespaceKind.USER, "user/max_" + kind.file() + "_namespaces", "31000", 0, INT);
    }
    net("core/somaxconn", "4096", 1, 0, INT);
    net("ipv4/ip_forward", "0", 1, 0, INT);
    net("ipv4/ip_local_port_range", "32768\t60999", 2, 0, 65_535);
    net("ipv4/ip_unprivileged_port_start", "1024", 1, 0, 65_535);
    net("ipv4/ping_group_range", "1\t0", 2, 0, 4_294_967_294L);
    net("ipv4/tcp_max_syn_backlog", "128", 1, 0, INT);
    net("ipv4/tcp_fin_timeout", "60", 1, 0, INT);
    net("ipv6/conf/all/forwarding", "0", 1, 0, INT);
    net("unix/max_dgram_qlen", "10", 1, 0, INT);
  }

  private void text(String name, String initial) {
    rules.put(name, new Rule(NamespaceKind.UTS, initial, 0, 0, 0));
  }

  private void ipc(String name, String initial, long least, long most) {
    number(NamespaceKind.IPC, name, initial, least, most);
  }

  private void number(NamespaceKind kind, String name, String initial, long least, long most) {
    rules.put(name, new Rule(kind, initial, 1, least, most));
  }

  private void net(String name, String initial, int count, long least, long most) {
    rules.put("net/" + name, new Rule(NamespaceKind.NET, initial, count, least, most));
  }

  /** The sysctl at a path, as a process sees it; empty where the path is none of them. */
  Optional<OpenFile> open(FakeProcess process, String path) {
    if (!path.startsWith(TOP)) {
      return Optional.empty();
    }
    var name = path.substring(TOP.length());
    var rule = rules.get(name);
    if (rule == null) {
      throw new Refused(Errno.ENOENT);
    }
    return Optional.of(new File(new Place(process.namespace(rule.kind), name), rule));
  }

  /** Names a host, whose namespace is that of a process. */
  void name(FakeProcess process, String sysctl, String value) {
    values.put(new Place(process.namespace(NamespaceKind.UTS), sysctl), value);
  }

  private static void check(Rule rule, String text) {
    if (rule.count == 0) {
      return;
    }
    var words = text.strip().split("\\s+", -1);
    for (var word : words) {
      long number;
      try {
        number = Long.parseUnsignedLong(word);
      } catch (NumberFormatException e) {
        throw new Refused(Errno.EINVAL);
      }
      boolean unsigned = rule.most == -1;
      if (words.length > rule.count || (!unsigned && (number < rule.least || number > rule.most))) {
        throw new Refused(Errno.EINVAL);
      }
    }
  }

  /** One that is open. */
  private final class File extends OpenFile {
    private final Place place;
    private final Rule rule;
    private boolean read;

    File(Place place, Rule rule) {
      this.place = place;
      this.rule = rule;
    }

    @Override
    int read(FakeProcess process, byte[] into, int length) {
      if (read) {
        return 0;
      }
      read = true;
      var bytes = KernelText.encode(values.getOrDefault(place, rule.initial) + "\n");
      System.arraycopy(bytes, 0, into, 0, Math.min(length, bytes.length));
      return Math.min(length, bytes.length);
    }

    @Override
    int write(FakeProcess process, byte[] bytes) {
      var text = KernelText.decode(bytes, 0, bytes.length);
      check(rule, text);
      values.put(place, text.strip().replaceAll("\\s+", "\t"));
      return bytes.length;
    }
  }
}
