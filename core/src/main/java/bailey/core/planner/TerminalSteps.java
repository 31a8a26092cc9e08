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
  static final long TIOCSPTLCK = 0x40045431;
  static final long TIOCGPTPEER = 0x5441;
  static final long TIOCSCTTY = 0x540E;
  private static final long TIOCGWINSZ = 0x5413;
  static final long TIOCSWINSZ = 0x5414;

  /** That of a devpts of bailey's, whose mode lets everybody open it. */
  private static final String OWN = "/dev/pts/ptmx";

  private final ContainerSpec spec;
  private final Handover handover;
  private final Register received;
  private @Nullable Register peer;

  /** In the parent, before the clone. */
  TerminalSteps(Steps steps, ContainerSpec spec, Handover handover) {
    this.spec = spec;
    this.handover = handover;
    this.received = steps.registers().descriptor("terminal");
  }

  Register master() {
    return received;
  }

  /** In the child, with its devpts mounted and the old root still there. */
  void open(Steps steps) {
    open(steps, OWN, true);
  }

  /** As {@link #open}, in a container that runs already and has its console. */
  void openWithoutConsole(Steps steps) {
    open(steps, OWN, false);
  }

  /** As {@link #open}, where the mounts are the caller's. */
  void openOfCaller(Steps steps) {
    open(steps, "/dev/ptmx", false);
  }

  private void open(Steps steps, String multiplexer, boolean isConsole) {
    steps.because("--tty");
    var master =
        steps.open(
            "opening a pseudo-terminal",
            Steps.cwd(),
            multiplexer,
            OpenFlags.O_RDWR | OpenFlags.O_NOCTTY,
            "pty");
    steps.call(
        "unlocking it",
        Sys.IOCTL,
        result(master),
        Operand.number(TIOCSPTLCK, Notation.IOCTL),
        Operand.address(new Datum.Words("0", List.of(number(0)))));
    peer = steps.registers().descriptor("tty");
    steps.call(
        "opening its other side",
        peer,
        OnError.FAIL,
        Sys.IOCTL,
        result(master),
        Operand.number(TIOCGPTPEER, Notation.IOCTL),
        Operand.number(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC, Notation.OPEN));
    sameSize(steps, master);
    if (isConsole) {
      console(steps);
    }
    Handover.send(steps, "sending the terminal to the parent", handover.far(), List.of(master));
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

  /**
   * It has the caller's size before the command runs: a program that asks for it at once must not
   * see a terminal without lines. Where the caller has none, it stays 0.
   */
  static void sameSize(Steps steps, Register master) {
    var size = new Datum.Space("size", 8);
    steps.call(
        "asking for the size of the caller's terminal",
        OnError.IGNORE,
        Sys.IOCTL,
        number(0),
        Operand.number(TIOCGWINSZ, Notation.IOCTL),
        Operand.address(size));
    steps.call(
        "setting its size",
        OnError.IGNORE,
        Sys.IOCTL,
        result(master),
        Operand.number(TIOCSWINSZ, Notation.IOCTL),
        Operand.address(size));
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

  /** In the parent, after the start. */
  void receive(Steps steps) {
    steps.because("--tty");
    Handover.receive(steps, "receiving the terminal", handover.near(), List.of(received));
    steps.undo("closing the terminal", undo -> undo.close(received));
  }

  /**
   * Without a terminal, in the process that becomes the command: what the caller's terminal sends
   * to a job reaches all of it, and only it. A process that leads a session leads its group too,
   * and the kernel says EPERM.
   */
  static void ownGroup(Steps steps) {
    steps.call(
        "leading a process group", OnError.allow(Errno.EPERM), Sys.SETPGID, number(0), number(0));
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
        Operand.number(TIOCSCTTY, Notation.IOCTL),
        number(0));
    for (int i = 0; i < 3; i++) {
      LaunchPlanner.dup(steps, tty, i);
    }
    steps.because("the command");
  }
}
