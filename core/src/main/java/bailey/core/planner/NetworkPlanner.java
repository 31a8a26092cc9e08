package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import bailey.core.isolation.SocketPeers;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import bailey.core.planner.NamespaceVisit.Place;
import bailey.core.subsystem.NetworkDump;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Plans questions to the kernel about a network namespace (netlink(7)). Any thread. */
public final class NetworkPlanner {
  /** What the kernel gives of a dump of netlink(7) at once to who asks for so much. */
  private static final int DUMP_BYTES = 16384;

  private static final int MOST_DUMP_READS = 16;

  private static final int NETLINK_ROUTE = 0;
  private static final int NETLINK_SOCK_DIAG = 4;

  /** Messages of rtnetlink(7), and the sizes of their bodies. */
  private static final int RTM_GETLINK = 18;

  private static final int RTM_GETADDR = 22;
  private static final int IFINFOMSG = 16;
  private static final int IFADDRMSG = 8;

  /** A message of sock_diag(7). */
  private static final int SOCK_DIAG_BY_FAMILY = 20;

  private final NamespaceVisit visit;

  /** A planner for a machine. */
  public NetworkPlanner(KernelFeatures features) {
    this.visit = new NamespaceVisit(features);
  }

  /**
   * Asks for the interfaces and addresses of a network namespace; the answers, which {@code
   * NetworkDump} reads, go to the one descriptor that the plan is sent with.
   */
  public Plan interfaces(Place place) {
    var registers = new Registers();
    var out = registers.descriptor("out");
    var steps = new Steps(registers);
    steps.because(NamespaceFilePlanner.CONTROL_FILES);
    visit.in(
        steps,
        place,
        child -> {
          dump(child, "interfaces", NETLINK_ROUTE, RTM_GETLINK, new byte[IFINFOMSG], out);
          dump(child, "addresses", NETLINK_ROUTE, RTM_GETADDR, new byte[IFADDRMSG], out);
        });
    steps.close(out);
    return visit.plan("list the interfaces", place, List.of(out), steps);
  }

  /**
   * Asks for all unix sockets of a network namespace and their peers; the answers, which {@code
   * SocketPeers} reads, go to the one descriptor that the plan is sent with.
   */
  public Plan sockets(Place place) {
    var registers = new Registers();
    var out = registers.descriptor("out");
    var steps = new Steps(registers);
    steps.because("unix sockets");
    visit.in(
        steps,
        place,
        child ->
            dump(
                child,
                "unix sockets",
                NETLINK_SOCK_DIAG,
                SOCK_DIAG_BY_FAMILY,
                SocketPeers.request(),
                out));
    steps.close(out);
    return visit.plan("list the unix sockets", place, List.of(out), steps);
  }

  /** A socket of netlink(7). */
  static Register socket(Steps steps, long flags, int protocol) {
    var socket = steps.registers().descriptor("netlink");
    steps.call(
        "opening a socket of netlink",
        socket,
        OnError.FAIL,
        Sys.SOCKET,
        number(16), // AF_NETLINK
        number(3 | OpenFlags.O_CLOEXEC | flags), // SOCK_RAW
        number(protocol));
    return socket;
  }

  /** A request with struct nlmsghdr and a body: all of them. */
  private static void dump(
      Steps steps, String what, int protocol, int type, byte[] body, Register out) {
    var socket = socket(steps, OpenFlags.O_NONBLOCK, protocol);
    var request = ByteBuffer.allocate(16 + body.length).order(ByteOrder.LITTLE_ENDIAN);
    request.putInt(16 + body.length).putShort((short) type).putShort((short) 0x301); // a dump
    request.putLong(0).put(body);
    steps.call(
        "asking for all " + what,
        Sys.WRITE,
        result(socket),
        Operand.address(new Datum.Bytes("all " + what, request.array())),
        number(16L + body.length));
    var answer = new Datum.Space(what, DUMP_BYTES);
    var size = steps.registers().number("size");
    for (int i = 0; i < MOST_DUMP_READS; i++) {
      Passing.part(steps, "reading " + what, socket, size, answer, DUMP_BYTES, out);
    }
    Passing.rest(steps, "looking whether there is more", socket, size, NetworkDump.more(), out);
    steps.close(socket);
  }
}
