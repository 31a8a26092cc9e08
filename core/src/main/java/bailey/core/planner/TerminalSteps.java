package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pseudo-terminal from the container's own devpts (pty(7)): its command's side becomes the
 * controlling terminal and /dev/console, the other side is sent to the parent, which relays it. The
 * command's side is opened by TIOCGPTPEER, never by a path that something inside could have
 * replaced.
 */
final class TerminalSteps {
  private static final long TIOCSPTLCK = 0x40045431;
  private static final long TIOCGPTPEER = 0x5441;
  private static final long TIOCSCTTY = 0x540E;
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;

  private final ContainerSpec spec;
  private @Nullable Register near;
  private @Nullable Register far;
  private @Nullable Register peer;
  private @Nullable Register received;

  TerminalSteps(ContainerSpec spec) {
    this.spec = spec;
  }

  Register master() {
    return Objects.requireNonNull(received);
  }

  /** In the parent, before the clone: the way by which the other side comes. */
  void prepare(Steps steps) {
    steps.because("--tty");
    var ends = new Datum.Space("socket pair", 8);
    steps.call(
        "making a socket pair",
        Sys.SOCKETPAIR,
        number(AF_UNIX),
        number(SOCK_DGRAM | OpenFlags.O_CLOEXEC),
        number(0),
        Operand.address(ends));
    near = steps.registers().descriptor("terminal.near");
    far = steps.registers().descriptor("terminal.far");
    steps.load("the near end", ends, 0, 4, near);
    steps.load("the far end", ends, 4, 4, far);
    received = steps.registers().descriptor("terminal");
  }

  void spawned(Steps steps) {
    steps.close(Objects.requireNonNull(far));
  }

  /** In the child, with its devpts mounted and the old root still there. */
  void open(Steps steps) {
    steps.because("--tty");
    var master =
        steps.open(
            "opening a pseudo-terminal",
            Steps.cwd(),
            "/dev/pts/ptmx",
            OpenFlags.O_RDWR | OpenFlags.O_NOCTTY,
            "pty");
    steps.call(
        "unlocking it",
        Sys.IOCTL,
        result(master),
        Operand.number(TIOCSPTLCK, Notation.HEX),
        Operand.address(new Datum.Words("0", List.of(number(0)))));
    peer = steps.registers().descriptor("tty");
    steps.call(
        "opening its other side",
        peer,
        OnError.FAIL,
        Sys.IOCTL,
        result(master),
        Operand.number(TIOCGPTPEER, Notation.HEX),
        Operand.number(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC, Notation.OPEN));
    console(steps);
    send(steps, master);
    steps.close(master);
    spec.identity()
        .filter(identity -> identity.uid() != 0)
        .ifPresent(
            identity ->
                steps.call(
                    "giving the terminal to user " + identity.uid(),
                    Sys.FCHOWNAT,
                    result(Objects.requireNonNull(peer)),
                    Operand.text(""),
                    number(identity.uid()),
                    number(5),
                    Operand.number(Flags.AT_EMPTY_PATH, Notation.AT)));
  }

  /** /dev/console is the terminal, mounted by handle. */
  private void console(Steps steps) {
    var file = steps.registers().number("file");
    steps.call(
        "making /dev/console",
        file,
        OnError.allow(Errno.EEXIST),
        Sys.MKNODAT,
        Steps.cwd(),
        Operand.text("/dev/console"),
        Operand.number(0100600, Notation.OCTAL),
        number(0));
    var tree = steps.registers().descriptor("console");
    steps.call(
        "taking a handle of the terminal",
        tree,
        OnError.FAIL,
        Sys.OPEN_TREE,
        result(Objects.requireNonNull(peer)),
        Operand.text(""),
        Operand.number(
            Flags.OPEN_TREE_CLONE | Flags.AT_EMPTY_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN_TREE));
    steps.call(
        "mounting it on /dev/console",
        Sys.MOVE_MOUNT,
        result(tree),
        Operand.text(""),
        Steps.cwd(),
        Operand.text("/dev/console"),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
    steps.close(tree);
  }

  /** struct msghdr with one byte of text and a struct cmsghdr of type SCM_RIGHTS (unix(7)). */
  private static Datum message(Datum control) {
    var text =
        new Datum.Words(
            "one byte", List.of(Operand.address(new Datum.Space("text", 8)), number(1)));
    return new Datum.Words(
        "message",
        List.of(
            number(0),
            number(0),
            Operand.address(text),
            number(1),
            Operand.address(control),
            number(24),
            number(0)));
  }

  private void send(Steps steps, Register master) {
    // cmsg_len 20, level SOL_SOCKET 1 and type SCM_RIGHTS 1 in one word, the descriptor
    var control =
        new Datum.Words("a descriptor", List.of(number(20), number(1L << 32 | 1), number(0)));
    steps.store("the descriptor to send", control, 16, 4, result(master));
    steps.call(
        "sending the terminal to the parent",
        Sys.SENDMSG,
        result(Objects.requireNonNull(far)),
        Operand.address(message(control)),
        number(0));
  }

  /** In the parent, after the start. */
  void receive(Steps steps) {
    steps.because("--tty");
    var control = new Datum.Space("received descriptor", 24);
    var socket = Objects.requireNonNull(near);
    steps.call(
        "receiving the terminal",
        Sys.RECVMSG,
        result(socket),
        Operand.address(message(control)),
        Operand.number(0x40000000, Notation.HEX));
    steps.load("the terminal", control, 16, 4, master());
    steps.close(socket);
    steps.undo("closing the terminal", undo -> undo.close(master()));
  }

  /** In the process that becomes the command. */
  void take(Steps steps) {
    steps.because("--tty");
    var tty = Objects.requireNonNull(peer);
    steps.call("starting a session", OnError.allow(Errno.EPERM), Sys.SETSID);
    steps.call(
        "making it the controlling terminal",
        Sys.IOCTL,
        result(tty),
        Operand.number(TIOCSCTTY, Notation.HEX),
        number(0));
    for (int i = 0; i < 3; i++) {
      LaunchPlanner.dup(steps, tty, i);
    }
    steps.because("the command");
  }
}
