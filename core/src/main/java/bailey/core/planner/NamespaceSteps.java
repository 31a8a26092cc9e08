package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.container.ContainerPath;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import java.util.ArrayList;
import java.util.List;

/** The namespaces of a container: which it has of its own, how it gets them, their names. */
final class NamespaceSteps {
  private static final String HOSTNAME = "uts.hostname";

  private final ContainerSpec spec;
  private final ContainerPath name;
  private final boolean ownUsers;

  /**
   * For one container.
   *
   * @param ownUsers whether it has a user namespace of its own, asked for or not
   */
  NamespaceSteps(ContainerSpec spec, ContainerPath name, boolean ownUsers) {
    this.spec = spec;
    this.name = name;
    this.ownUsers = ownUsers;
  }

  /** Whether the container gets one of its own. */
  boolean areNew(NamespaceKind kind) {
    if (kind == NamespaceKind.USER) {
      return ownUsers;
    }
    return spec.namespace(kind) instanceof NamespaceRequest.New;
  }

  /** A time namespace that a process made takes only its children. */
  boolean fork() {
    return (spec.init() && areNew(NamespaceKind.PID)) || areNew(NamespaceKind.TIME);
  }

  /** Which are new. */
  @Override
  public String toString() {
    var names = new ArrayList<String>();
    for (var kind : NamespaceKind.values()) {
      if (areNew(kind)) {
        names.add(kind.file());
      }
    }
    return String.join(", ", names);
  }

  /** Of those that the clone makes. */
  long cloneFlags() {
    long flags = 0;
    for (var kind : NamespaceKind.values()) {
      // cgroup: its root is the group at that moment, so after entering; time: see fork()
      if (areNew(kind) && kind != NamespaceKind.CGROUP && kind != NamespaceKind.TIME) {
        flags |= kind.flag();
      }
    }
    return flags;
  }

  /** Those that the clone could not make. */
  void makeRest(Steps steps) {
    for (var kind : List.of(NamespaceKind.CGROUP, NamespaceKind.TIME)) {
      if (areNew(kind)) {
        steps.because(kind.file() + " namespace");
        steps.call(
            "making a " + kind.file() + " namespace",
            Sys.UNSHARE,
            Operand.number(kind.flag(), Notation.CLONE));
      }
    }
  }

  /** The host name. */
  void name(Steps steps) {
    if (!areNew(NamespaceKind.UTS)) {
      return;
    }
    if (spec.controls().containsKey(HOSTNAME)) {
      return; // set with the other control files
    }
    steps.because(spec.hostname().isPresent() ? "--hostname" : "uts namespace");
    String host = spec.hostname().orElse(defaultHostname());
    steps.call(
        "setting the host name " + host,
        Sys.SETHOSTNAME,
        Operand.text(host),
        number(KernelText.encode(host).length));
  }

  /** The last part of the container's name, cut to what the kernel takes (64 bytes). */
  private String defaultHostname() {
    String host = name.name();
    while (KernelText.encode(host).length > 64) {
      host = host.substring(0, host.offsetByCodePoints(host.length(), -1));
    }
    return host;
  }

  /** A new network has its loopback interface up. */
  void loopback(Steps steps) {
    if (areNew(NamespaceKind.NET)) {
      bringLoopbackUp(steps);
    }
  }

  /** In a new net namespace. */
  static void bringLoopbackUp(Steps steps) {
    steps.because("net namespace: loopback up");
    var socket = steps.registers().descriptor("socket");
    steps.call(
        "opening a socket",
        socket,
        OnError.FAIL,
        Sys.SOCKET,
        number(2),
        number(2 | OpenFlags.O_CLOEXEC),
        number(0));
    // struct ifreq: name, then at 16 the flags IFF_UP | IFF_RUNNING
    var request = new byte[40];
    request[0] = 'l';
    request[1] = 'o';
    request[16] = 0x41;
    steps.call(
        "bringing lo up",
        Sys.IOCTL,
        result(socket),
        Operand.number(0x8914, Notation.IOCTL),
        Operand.address(new Datum.Bytes("lo, IFF_UP", request)));
    steps.close(socket);
  }
}
