package bailey.core.subsystem;

import bailey.core.container.Amount;
import bailey.core.container.Choice;
import bailey.core.container.ControlFile;
import bailey.core.container.Numbers;
import bailey.core.container.Report;
import bailey.core.container.Unit;
import bailey.core.container.ValueFormat;
import bailey.core.spec.NamespaceKind;
import bailey.core.subsystem.NamespaceSource.Network;
import bailey.core.subsystem.NamespaceSource.Sysctl;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Network interfaces, addresses, routes, sockets.
 *
 * <p>Of its settings the list has a few that many want; all others of the families below are
 * control files as well, by the names that sysctl(8) has for them. That is safe: of /proc/sys/net a
 * network namespace has only what is its own (register_net_sysctl(), net/sysctl_net.c), and what
 * would be all the machine's is read-only in it (ensure_safe_net_sysctl(), Linux 5.13).
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/network_namespaces.7.html">network_namespaces(7)</a>
 * @see <a href="https://docs.kernel.org/networking/ip-sysctl.html">ip-sysctl.rst</a>
 */
public final class NetNamespace implements Namespace {
  /**
   * {@code net.FAMILY.NAME...}; as for sysctl(8) a slash in a part stands for a dot, as in {@code
   * net.ipv4.conf.eth0/5.forwarding}.
   */
  private static final Pattern SETTING =
      Pattern.compile(
          "net\\.(core|ipv4|ipv6|unix|netfilter|bridge|mptcp|mpls|sctp|smc|vsock)"
              + "(\\.[A-Za-z0-9_][A-Za-z0-9_:@/-]{0,63}){1,6}");

  private static final Choice SWITCH = Choice.of("0", "1");
  private static final Amount INT = Amount.between(0, Integer.MAX_VALUE);
  private static final long LARGEST_PORT = 65_535;

  private static final NamespaceFiles FILES =
      new NamespaceFiles()
          .with(
              ControlFile.figure(
                  "net.interfaces",
                  Unit.TEXT,
                  Report.LINE,
                  "its interfaces, a line each: name, up or down, addresses"),
              new Network())
          .with(
              setting(
                  "net.core.somaxconn",
                  INT,
                  "the most connections that wait for accept(2) at a socket"),
              sysctl("net.core.somaxconn"))
          .with(
              setting("net.ipv4.ip_forward", SWITCH, "whether it forwards between interfaces"),
              sysctl("net.ipv4.ip_forward"))
          .with(
              setting(
                  "net.ipv4.ip_local_port_range",
                  new Numbers(
                      List.of("first port", "last port"),
                      List.of(LARGEST_PORT, LARGEST_PORT),
                      "32768 60999"),
                  "the ports that sockets get which ask for none"),
              sysctl("net.ipv4.ip_local_port_range"))
          .with(
              setting(
                  "net.ipv4.ip_unprivileged_port_start",
                  Amount.between(0, LARGEST_PORT),
                  "the first port that needs no privilege"),
              sysctl("net.ipv4.ip_unprivileged_port_start"))
          .with(
              setting(
                  "net.ipv4.ping_group_range",
                  new Numbers(
                      List.of("first group", "last group"),
                      List.of(4_294_967_294L, 4_294_967_294L),
                      "0 2147483647"),
                  "the groups that may send pings without privilege"),
              sysctl("net.ipv4.ping_group_range"))
          .with(
              setting(
                  "net.ipv4.tcp_max_syn_backlog", INT, "the most connections being set up at once"),
              sysctl("net.ipv4.tcp_max_syn_backlog"))
          .with(
              setting("net.ipv6.conf.all.forwarding", SWITCH, "whether it forwards IPv6"),
              sysctl("net.ipv6.conf.all.forwarding"))
          .with(
              setting(
                  "net.unix.max_dgram_qlen", INT, "the most datagrams waiting at a unix socket"),
              sysctl("net.unix.max_dgram_qlen"));

  private static ControlFile setting(String name, ValueFormat format, String meaning) {
    return ControlFile.setting(
        name, format instanceof Amount ? Unit.COUNT : Unit.TEXT, format, meaning);
  }

  private static Sysctl sysctl(String control) {
    var name = new StringBuilder();
    for (int i = 0; i < control.length(); i++) {
      char c = control.charAt(i);
      name.append(c == '.' ? '/' : c == '/' ? '.' : c);
    }
    return new Sysctl(
        name.toString(), value -> value, text -> text.replace('\t', ' '), Optional.empty());
  }

  /** The one instance that is needed. */
  public NetNamespace() {}

  @Override
  public NamespaceFiles files() {
    return FILES;
  }

  /** Those in the list, and every other setting of the families. */
  @Override
  public Optional<ControlFile> controlFile(String fullName) {
    return Namespace.super
        .controlFile(fullName)
        .or(
            () ->
                SETTING.matcher(fullName).matches()
                    ? Optional.of(
                        setting(
                            fullName,
                            new KernelLine(),
                            "as sysctl has it, see the kernel's ip-sysctl.rst"))
                    : Optional.empty());
  }

  @Override
  public NamespaceSource source(ControlFile file) {
    return file.format() instanceof KernelLine ? sysctl(file.name()) : Namespace.super.source(file);
  }

  @Override
  public NamespaceKind namespace() {
    return NamespaceKind.NET;
  }
}
