package bailey.core.planner;

import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;

/**
 * A lock on a file, held by a plan until it releases it or ends, however it ends.
 *
 * <p>It belongs to the open file description (fcntl_locking(2), F_OFD_SETLK), not to the process: a
 * resident executor holds many at once, and one that belongs to a process is lost as soon as that
 * closes any descriptor of the file. Children that stay must close theirs.
 */
final class LockSteps {
  /** What others may do with the file meanwhile. */
  enum Kind {
    /** Lock it in the same way. */
    SHARED(0, "shared lock"),
    /** Nothing. */
    EXCLUSIVE(1, "exclusive lock");

    private final int type; // F_RDLCK, F_WRLCK
    private final String text;

    Kind(int type, String text) {
      this.type = type;
      this.text = text;
    }
  }

  private static final int F_UNLCK = 2;
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;
  private static final int TO_THE_END = 0;
  private static final long NOT_OPEN = -1;

  private final String path;
  private final Register file;

  private LockSteps(String path, Register file) {
    this.path = path;
    this.file = file;
  }

  /**
   * A lock to be taken later; whatever undoes what is done in its protection has to be registered
   * after this.
   */
  static LockSteps prepare(Steps steps, String path, String name) {
    var lock = new LockSteps(path, steps.registers().number(name));
    lock.forget(steps);
    steps.undo("releasing " + path, lock::close);
    return lock;
  }

  private void forget(Steps steps) {
    steps.add(
        new Step.Assign(
            new Step.Note("not locked", steps.because()), file, Operand.number(NOT_OPEN)));
  }

  private void close(Steps steps) {
    steps.when(
        "where it is open",
        Operand.number(NOT_OPEN),
        Step.Test.LESS,
        Operand.result(file),
        inner -> inner.call("releasing " + path, OnError.IGNORE, Sys.CLOSE, Operand.result(file)));
  }

  /**
   * Opens the file and waits for the lock. Those who only look hold it for microseconds, so who
   * must not wait for another's work has to make sure of that before.
   *
   * @param create whether the file is made if it is not there
   */
  void take(Steps steps, Kind kind, boolean create) {
    open(steps, create);
    lock(steps, kind, F_OFD_SETLKW, 0, TO_THE_END);
  }

  /**
   * As {@link #take}, but refused with EAGAIN where somebody has it. Those who only look lock
   * another byte than the first, so that is how they are told from those who have it.
   */
  void takeIfFree(Steps steps, Kind kind, boolean create) {
    open(steps, create);
    lock(steps, kind, F_OFD_SETLK, 0, 1);
    lock(steps, kind, F_OFD_SETLKW, 1, TO_THE_END);
  }

  private void open(Steps steps, boolean create) {
    steps.call(
        "opening " + path,
        file,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(
            OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC | (create ? OpenFlags.O_CREAT : 0),
            Notation.OPEN),
        Operand.number(0600, Notation.OCTAL));
  }

  /** struct flock: l_type and l_whence (SEEK_SET) in one word, l_start, l_len, l_pid (0). */
  private void lock(Steps steps, Kind kind, int command, int start, int bytes) {
    lock(steps, kind.text, kind.type, command, start, bytes);
  }

  private void lock(Steps steps, String text, int type, int command, int start, int bytes) {
    steps.call(
        "locking " + path,
        Sys.FCNTL,
        Operand.result(file),
        Operand.number(command),
        Operand.address(
            new Datum.Words(
                text,
                List.of(
                    Operand.number(type),
                    Operand.number(start),
                    Operand.number(bytes),
                    Operand.number(0)))));
  }

  /**
   * Releases it now, although a process that was started at this moment may have a copy of the
   * descriptor until it executes its program.
   */
  void releaseAtOnce(Steps steps) {
    lock(steps, "no lock", F_UNLCK, F_OFD_SETLK, 0, TO_THE_END);
    release(steps);
  }

  /** Releases it. */
  void release(Steps steps) {
    steps.call("releasing " + path, Sys.CLOSE, Operand.result(file));
    forget(steps);
  }
}
