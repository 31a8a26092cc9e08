package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import java.util.ArrayList;
import java.util.List;

/**
 * A pair of sockets by which a process and its child give each other descriptors (unix(7),
 * SCM_RIGHTS). They need no privilege over one another for it, as pidfd_getfd(2) would.
 */
final class Handover {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final long MSG_CMSG_CLOEXEC = 0x40000000;

  private final Register near;
  private final Register far;

  /** Makes the pair, in the parent before the clone. */
  Handover(Steps steps) {
    var ends = new Datum.Space("socket pair", 8);
    steps.call(
        "making a socket pair",
        Sys.SOCKETPAIR,
        number(AF_UNIX),
        number(SOCK_SEQPACKET | OpenFlags.O_CLOEXEC),
        number(0),
        Operand.address(ends));
    near = steps.registers().descriptor("near socket");
    far = steps.registers().descriptor("far socket");
    steps.load("the parent's end", ends, 0, 4, near);
    steps.load("the child's end", ends, 4, 4, far);
  }

  /** The parent's end. */
  Register near() {
    return near;
  }

  /** The child's end. */
  Register far() {
    return far;
  }

  static void send(Steps steps, String what, Register socket, List<Register> descriptors) {
    send(steps, what, socket, descriptors, OnError.FAIL);
  }

  static void send(
      Steps steps, String what, Register socket, List<Register> descriptors, OnError onError) {
    var control = control(descriptors.size());
    for (int i = 0; i < descriptors.size(); i++) {
      steps.store("a descriptor to send", control, 16 + 4 * i, 4, result(descriptors.get(i)));
    }
    steps.call(
        what,
        onError,
        Sys.SENDMSG,
        result(socket),
        Operand.address(message(control, descriptors.size())),
        Operand.number(0x4000, Notation.HEX)); // MSG_NOSIGNAL
  }

  static void receive(Steps steps, String what, Register socket, List<Register> into) {
    var control = control(into.size());
    steps.call(
        what,
        Sys.RECVMSG,
        result(socket),
        Operand.address(message(control, into.size())),
        Operand.number(MSG_CMSG_CLOEXEC, Notation.HEX));
    for (int i = 0; i < into.size(); i++) {
      steps.load(into.get(i).name(), control, 16 + 4 * i, 4, into.get(i));
    }
  }

  /** struct cmsghdr: length, then level SOL_SOCKET 1 and type SCM_RIGHTS 1 in one word. */
  static Datum.Words control(int count) {
    var words = new ArrayList<Operand>();
    words.add(number(16 + 4L * count));
    words.add(Operand.number((1L << 32) | 1, Notation.HEX));
    for (int i = 0; i < count; i += 2) {
      words.add(number(0));
    }
    return new Datum.Words(count + " descriptors", words);
  }

  /** struct msghdr with one byte of text. */
  private static Datum message(Datum.Words control, int count) {
    var text =
        new Datum.Words(
            "one byte", List.of(Operand.address(new Datum.Space("text", 8)), number(1)));
    return new Datum.Words(
        "message with " + count + " descriptors",
        List.of(
            number(0),
            number(0),
            Operand.address(text),
            number(1),
            Operand.address(control),
            number(8L * control.words().size()),
            number(0)));
  }
}
