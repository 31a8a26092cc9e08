package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.NetDevice;
import bailey.core.kernel.NetAddress;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Network interfaces of the machine that become a container's (OCI runtime-spec, config-linux.md,
 * "Network Devices"), by rtnetlink(7) and the requests of netdevice(7). Who starts the container
 * moves them; its process gives them their addresses again, which the kernel takes away then, and
 * brings them up. When the namespace ends the kernel gives back those that are hardware, and ends
 * the others.
 */
final class NetDeviceSteps {
  private static final int NETLINK_ROUTE = 0;
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_NEWADDR = 20;
  private static final int REQUEST_AND_ANSWER = 5; // NLM_F_REQUEST | NLM_F_ACK
  private static final int NEW = 0x600; // NLM_F_CREATE | NLM_F_EXCL

  private static final short IFLA_IFNAME = 3;
  private static final short IFLA_NET_NS_PID = 19;
  private static final short IFA_ADDRESS = 1;
  private static final short IFA_LOCAL = 2;

  /** struct nlmsghdr, and where the number of the interface is in either body. */
  private static final int HEADER = 16;

  private static final int INDEX = 20;
  private static final int NAMESPACE = 36;

  private static final int SIOCGIFINDEX = 0x8933;
  private static final int SIOCSIFFLAGS = 0x8914;
  private static final int IFREQ = 40;
  private static final int IFREQ_VALUE = 16;
  private static final int ANSWER = 1024;

  private final List<NetDevice> devices;

  NetDeviceSteps(List<NetDevice> devices) {
    this.devices = devices;
  }

  boolean isEmpty() {
    return devices.isEmpty();
  }

  /** In who starts it: moves them to the network namespace of a process. */
  void move(Steps steps, Register process) {
    steps.because("linux.netDevices");
    var socket = NetworkPlanner.socket(steps, 0, NETLINK_ROUTE);
    for (var device : devices) {
      var index = index(steps, socket, device.outside());
      byte[] name = (device.inside() + "\0").getBytes(StandardCharsets.ISO_8859_1);
      var body =
          ByteBuffer.allocate(16 + 8 + 4 + name.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(0) // struct ifinfomsg
              .putLong(0)
              .putShort((short) 8)
              .putShort(IFLA_NET_NS_PID)
              .putInt(0)
              .putShort((short) (4 + name.length))
              .putShort(IFLA_IFNAME)
              .put(name);
      var request = message(device.outside() + " to " + device.inside(), RTM_NEWLINK, 0, body);
      steps.store("which interface", request, INDEX, 4, result(index));
      steps.store("whose namespace", request, NAMESPACE, 4, result(process));
      ask(
          steps,
          "moving the network device " + device.outside() + " into it as " + device.inside(),
          socket,
          request);
    }
    steps.close(socket);
  }

  /**
   * In the process, before they are moved: their names must be free. The kernel moves an interface
   * before it gives it another name (do_setlink()), and one that is no hardware would end with the
   * namespace then.
   */
  void check(Steps steps) {
    steps.because("linux.netDevices");
    var socket = NetworkPlanner.socket(steps, 0, NETLINK_ROUTE);
    for (var device : devices) {
      var taken = steps.registers().number("taken");
      steps.call(
          "looking whether the name " + device.inside() + " is free",
          taken,
          OnError.allow(Errno.ENODEV),
          Sys.IOCTL,
          result(socket),
          Operand.number(SIOCGIFINDEX, Notation.IOCTL),
          Operand.address(new Datum.Bytes(device.inside(), request(device.inside()))));
      steps.when(
          "where it is not",
          result(taken),
          Step.Test.EQUAL,
          number(0),
          inner ->
              inner.add(
                  new Step.Fail(
                      note(
                          inner,
                          "moving the network device "
                              + device.outside()
                              + " into it as "
                              + device.inside()),
                      number(-Errno.EEXIST.number()))));
    }
    steps.close(socket);
  }

  /** In the process, when they were moved. */
  void configure(Steps steps) {
    steps.because("linux.netDevices");
    var socket = NetworkPlanner.socket(steps, 0, NETLINK_ROUTE);
    for (var device : devices) {
      var index = index(steps, socket, device.inside());
      for (var address : device.addresses()) {
        give(steps, socket, device, index, address);
      }
      byte[] up = request(device.inside());
      up[IFREQ_VALUE] = 1; // IFF_UP
      steps.call(
          "bringing " + device.inside() + " up",
          Sys.IOCTL,
          result(socket),
          Operand.number(SIOCSIFFLAGS, Notation.IOCTL),
          Operand.address(new Datum.Bytes(device.inside() + ", IFF_UP", up)));
    }
    steps.close(socket);
  }

  private static void give(
      Steps steps, Register socket, NetDevice device, Register index, NetAddress address) {
    byte[] bytes = HexFormat.of().parseHex(address.bytes());
    int family = bytes.length == 4 ? 2 : 10; // AF_INET, AF_INET6
    var body =
        ByteBuffer.allocate(8 + 2 * (4 + bytes.length))
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) family) // struct ifaddrmsg
            .put((byte) address.bits())
            .putShort((short) 0)
            .putInt(0);
    for (short kind : new short[] {IFA_LOCAL, IFA_ADDRESS}) {
      body.putShort((short) (4 + bytes.length)).putShort(kind).put(bytes);
    }
    var what = device.inside() + " " + address.bytes() + "/" + address.bits();
    var request = message(what, RTM_NEWADDR, NEW, body);
    steps.store("which interface", request, INDEX, 4, result(index));
    ask(steps, "giving " + device.inside() + " an address that it had", socket, request);
  }

  /** struct nlmsghdr, and a body that is full. */
  private static Datum.Bytes message(String what, int type, int flags, ByteBuffer body) {
    int whole = HEADER + body.capacity();
    var message =
        ByteBuffer.allocate((whole + 3) & ~3)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(whole)
            .putShort((short) type)
            .putShort((short) (REQUEST_AND_ANSWER | flags))
            .putLong(0)
            .put(body.flip());
    return new Datum.Bytes(what, message.array());
  }

  /** struct ifreq: a name, and from 16 on what is asked or told. */
  private static byte[] request(String name) {
    var request = new byte[IFREQ];
    byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(text, 0, request, 0, text.length);
    return request;
  }

  private static Register index(Steps steps, Register socket, String name) {
    var request = new Datum.Bytes(name, request(name));
    var index = steps.registers().number("interface");
    steps.call(
        "looking for the network device " + name,
        Sys.IOCTL,
        result(socket),
        Operand.number(SIOCGIFINDEX, Notation.IOCTL),
        Operand.address(request));
    steps.load("its number", request, IFREQ_VALUE, 4, index);
    return index;
  }

  /** The answer is struct nlmsgerr: the error, 0 for none. */
  private static void ask(Steps steps, String what, Register socket, Datum.Bytes request) {
    steps.call(
        what,
        Sys.WRITE,
        result(socket),
        Operand.address(request),
        number(ByteBuffer.wrap(request.value()).order(ByteOrder.LITTLE_ENDIAN).getInt(0)));
    var answer = new Datum.Space("answer", ANSWER);
    var error = steps.registers().number("netlink error");
    steps.call(
        "hearing what came of it",
        Sys.READ,
        result(socket),
        Operand.address(answer),
        number(ANSWER));
    steps.load("the error", answer, HEADER, 4, error);
    steps.when(
        "where it was refused",
        result(error),
        Step.Test.LESS,
        number(0),
        inner -> inner.add(new Step.Fail(note(inner, what), result(error))));
  }
}
