package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.BundleState;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;

/**
 * The record of a bundle's container on disk. Its directory is its id, which mkdir(2) gives to one
 * only; all that has to be known to remove it is written before anything else is made.
 */
final class BundleStateSteps {
  private final BundleState state;

  BundleStateSteps(BundleState state) {
    this.state = state;
  }

  /** Takes the id. */
  void take(Steps steps, BundleRequest request) {
    steps.because("state: the id and what is intended");
    RootSteps.directories(steps, state.root());
    var lock = LockSteps.prepare(steps, state.file(BundleState.LOCK), "lock");
    steps.mkdir("taking the id " + request.id(), state.directory(), 0711, OnError.FAIL);
    steps.undo("giving the id back", undo -> removeAll(undo, state));
    lock.take(steps, LockSteps.Kind.EXCLUSIVE, true);
    StateSteps.writeNew(steps, state.file(BundleState.CONFIG), request.config());
    StateSteps.writeNew(steps, state.file(BundleState.RECORD), request.record());
  }

  /** The fifos by which the process is told to execute its program, and says why it cannot. */
  void makeFifos(Steps steps) {
    steps.because("create: the process waits for start");
    for (var name : new String[] {BundleState.START, BundleState.STARTED}) {
      steps.call(
          "making the fifo " + name,
          Sys.MKNODAT,
          Steps.cwd(),
          Operand.text(state.file(name)),
          Operand.number(0010600, Notation.OCTAL),
          number(0));
    }
  }

  /**
   * For the process: a fifo that is open for both neither waits for another to open it nor ends
   * when that has closed it (fifo(7)).
   */
  void openFifo(Steps steps, String name) {
    var _ =
        steps.open(
            "opening the fifo " + name, Steps.cwd(), state.file(name), OpenFlags.O_RDWR, name);
  }

  /** Which process is the first: its number and the time it started. */
  void recordFirst(Steps steps, Register pid) {
    steps.because("state: which process is the first");
    var name = StateSteps.ofProcess(steps, pid, "/stat");
    StateSteps.copyStat(steps, Operand.address(name), state.file(BundleState.FIRST));
  }

  /** Removes the files of a container and its directory. */
  static void removeAll(Steps steps, BundleState state) {
    for (var file : BundleState.ALL) {
      StateSteps.unlink(steps, state.file(file), 0);
    }
    StateSteps.unlink(steps, state.directory(), Flags.AT_REMOVEDIR);
  }

  /** The number of a process in a file of the caller's: whole or not at all. */
  static void writePid(Steps steps, String path, Register pid) {
    steps.because("--pid-file");
    int slash = path.lastIndexOf('/');
    String fresh = path.substring(0, slash + 1) + "." + path.substring(slash + 1);
    var text = new Datum.Space("number", 24);
    var end = steps.registers().number("digits");
    steps.add(new Step.Decimal(note(steps, "writing the number"), text, 0, result(pid), end));
    var file = steps.registers().descriptor("pid file");
    steps.call(
        "making " + fresh,
        file,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(fresh),
        Operand.number(
            OpenFlags.O_CREAT | OpenFlags.O_WRONLY | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0644, Notation.OCTAL));
    steps.call("writing " + fresh, Sys.WRITE, result(file), Operand.address(text), result(end));
    steps.close(file);
    steps.call(
        "naming it " + path,
        Sys.RENAMEAT2,
        Steps.cwd(),
        Operand.text(fresh),
        Steps.cwd(),
        Operand.text(path),
        number(0));
  }
}
