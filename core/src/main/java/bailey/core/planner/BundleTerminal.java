package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.ProcessSpec.TerminalSize;
import bailey.core.error.BadRequest;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Steps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of a bundle's process (pty(7)), from the container's own devpts. Its other side goes
 * to whoever listens at the console socket, or to the executor that stays. The process gets its
 * side by TIOCGPTPEER, and /dev/console is that side itself, not what a path leads to
 * (CVE-2025-52565).
 */
final class BundleTerminal {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;

  private final Register far;
  private final Optional<TerminalSize> size;
  private @Nullable Register peer;

  private BundleTerminal(Register far, Optional<TerminalSize> size) {
    this.far = far;
    this.size = size;
  }

  /**
   * Whose other side is sent by a socket.
   *
   * @param far the socket
   */
  static BundleTerminal of(Register far, Optional<TerminalSize> size) {
    return new BundleTerminal(far, size);
  }

  /** The socket by which the other side goes. */
  Register far() {
    return far;
  }

  /** In the executor: a connection to a socket of the caller's. */
  static Register connect(Steps steps, String because, String path, String name) {
    steps.because(because);
    byte[] text = KernelText.encode(path);
    if (text.length > 107) {
      throw new BadRequest(
          because
              + ": "
              + path
              + " has "
              + text.length
              + " bytes; a socket's path has 107 at most");
    }
    var socket = steps.registers().descriptor(name);
    steps.call(
        "making a socket",
        socket,
        OnError.FAIL,
        Sys.SOCKET,
        number(AF_UNIX),
        number(SOCK_STREAM | OpenFlags.O_CLOEXEC),
        number(0));
    byte[] address = new byte[110];
    address[0] = AF_UNIX;
    System.arraycopy(text, 0, address, 2, text.length);
    steps.call(
        "connecting to " + path,
        Sys.CONNECT,
        result(socket),
        Operand.address(new Datum.Bytes(path, address)),
        number(3L + text.length));
    return socket;
  }

  /**
   * In the process that gets it.
   *
   * @param master the multiplexer of its devpts, open for reading and writing; closed here
   */
  void open(Steps steps, Register master) {
    steps.because("process.terminal");
    BundleDevices.refuseOther(steps, master, "/dev/ptmx", 5, 2);
    steps.call(
        "unlocking it",
        Sys.IOCTL,
        result(master),
        Operand.number(TerminalSteps.TIOCSPTLCK, Notation.IOCTL),
        Operand.address(new Datum.Words("0", List.of(number(0)))));
    peer = steps.registers().number("tty");
    steps.call(
        "opening its other side",
        peer,
        OnError.FAIL,
        Sys.IOCTL,
        result(master),
        Operand.number(TerminalSteps.TIOCGPTPEER, Notation.IOCTL),
        Operand.number(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC, Notation.OPEN));
    if (size.isPresent()) {
      steps.call(
          "setting its size",
          OnError.IGNORE,
          Sys.IOCTL,
          result(master),
          Operand.number(TerminalSteps.TIOCSWINSZ, Notation.IOCTL),
          Operand.address(new Datum.Bytes(size.get().toString(), winsize(size.get()))));
    } else {
      TerminalSteps.sameSize(steps, master);
    }
    Handover.send(steps, "sending the terminal", far, List.of(master));
    BundleRootSteps.close(steps, master);
  }

  private static byte[] winsize(TerminalSize size) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) size.rows())
        .putShort((short) size.columns())
        .array();
  }

  /** Before the root is entered: /dev/console is the terminal. */
  void console(Steps steps, BundleRootSteps root) {
    steps.because("/dev/console");
    var parent = root.directory(steps, "/dev");
    var made = steps.registers().number("file");
    steps.call(
        "making /dev/console",
        made,
        OnError.allow(Errno.EEXIST, Errno.EROFS),
        Sys.MKNODAT,
        result(parent),
        Operand.text("console"),
        Operand.number(0100600, Notation.OCTAL),
        number(0));
    var tree = steps.registers().number("tree");
    steps.call(
        "taking a handle of the terminal",
        tree,
        OnError.FAIL,
        Sys.OPEN_TREE,
        result(tty()),
        Operand.text(""),
        Operand.number(
            Flags.OPEN_TREE_CLONE | Flags.AT_EMPTY_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN_TREE));
    BundleMountSteps.move(steps, "mounting it on /dev/console", tree, parent, "console", 0);
    BundleRootSteps.close(steps, tree);
    BundleRootSteps.close(steps, parent);
  }

  private Register tty() {
    return Objects.requireNonNull(peer);
  }

  /** In the process, which leads its session: makes it its own, and its streams. */
  void take(Steps steps) {
    steps.because("process.terminal");
    steps.call(
        "making it the controlling terminal",
        Sys.IOCTL,
        result(tty()),
        Operand.number(TerminalSteps.TIOCSCTTY, Notation.IOCTL),
        number(0));
    for (int i = 0; i < 3; i++) {
      LaunchPlanner.dup(steps, tty(), i);
    }
  }

  /** The user whose process it is may use it. */
  void give(Steps steps, int uid) {
    if (uid != 0) {
      steps.call(
          "giving the terminal to user " + uid,
          OnError.IGNORE,
          Sys.FCHOWNAT,
          result(tty()),
          Operand.text(""),
          number(uid),
          number(-1),
          Operand.number(Flags.AT_EMPTY_PATH, Notation.AT));
    }
  }
}
