package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.KernelText;
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
 * The record of a container on disk: its directory is its name (mkdir(2) gives it to one only), its
 * lock (fcntl(2), gone with the process that holds it, however that ends) says that somebody looks
 * after it.
 */
final class StateSteps {
  private static final int F_SETLK = 6;
  private static final long WRITE_LOCK = 1; // l_type F_WRLCK, l_whence SEEK_SET, whole file

  private final LaunchRequest request;

  StateSteps(LaunchRequest request) {
    this.request = request;
  }

  private String path(String file) {
    return request.state().directory() + "/" + file;
  }

  /** Takes the name and writes what is intended, before anything else is made. */
  void take(Steps steps) {
    steps.because("state: the name and what is intended");
    if (!request.made()) {
      String directory = request.state().directory();
      steps.mkdir("taking the name " + request.name(), directory, 0700, OnError.FAIL);
      steps.undo("giving the name back", this::remove);
      writeIntent(steps);
    }
    var lock = steps.registers().descriptor("lock");
    create(steps, lock, path(StateFiles.LOCK));
    steps.undo("closing the lock", undo -> undo.close(lock));
    steps.call(
        "locking " + path(StateFiles.LOCK),
        Sys.FCNTL,
        Operand.result(lock),
        Operand.number(F_SETLK),
        Operand.address(
            new Datum.Words(
                "write lock",
                List.of(
                    Operand.number(WRITE_LOCK),
                    Operand.number(0),
                    Operand.number(0),
                    Operand.number(0)))));
  }

  /** Kept where the container stays listed after its end. */
  private void remove(Steps steps) {
    var kept = EndSteps.kept(steps);
    steps.when(
        "removing what is not kept",
        Operand.result(kept),
        Step.Test.EQUAL,
        Operand.number(0),
        inner -> {
          for (var file :
              List.of(StateFiles.END, StateFiles.FIRST, StateFiles.LOCK, StateFiles.INTENT)) {
            unlink(inner, path(file), 0);
          }
          unlink(inner, request.state().directory(), Flags.AT_REMOVEDIR);
        });
  }

  private static void unlink(Steps steps, String path, long flags) {
    steps.call(
        "removing " + path,
        OnError.IGNORE,
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(flags, Notation.AT));
  }

  private void writeIntent(Steps steps) {
    String path = path(StateFiles.INTENT);
    var file = steps.registers().descriptor("intent");
    create(steps, file, path);
    int size = KernelText.encode(request.intent()).length;
    writeWhole(
        steps, path, file, Operand.address(new Datum.Text(request.intent())), Operand.number(size));
    steps.close(file);
  }

  private static void create(Steps steps, Register file, String path) {
    steps.call(
        "making " + path,
        file,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(OpenFlags.O_CREAT | OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0600, Notation.OCTAL));
  }

  /** A short write is a full disk. */
  private static void writeWhole(
      Steps steps, String path, Register file, Operand text, Operand size) {
    var written = steps.registers().number("written");
    steps.call(
        "writing " + path, written, OnError.FAIL, Sys.WRITE, Operand.result(file), text, size);
    steps.when(
        "checking that it was written whole",
        Operand.result(written),
        Step.Test.LESS,
        size,
        inner ->
            inner.add(
                new Step.Fail(
                    new Step.Note("writing " + path, steps.because()),
                    Operand.number(-Errno.ENOSPC.number()))));
  }

  /** Copies /proc/PID/stat of the first process: its number and the time it started identify it. */
  void recordFirst(Steps steps, Register pid) {
    steps.because("state: which process is the first");
    var name = new Datum.Space("path of its stat", 40);
    var end = steps.registers().number("end of path");
    var note = new Step.Note("naming the first process", steps.because());
    steps.add(new Step.Append(note, name, Operand.number(0), new Datum.Text("/proc/")));
    steps.add(new Step.Decimal(note, name, 6, Operand.result(pid), end));
    steps.add(new Step.Append(note, name, Operand.result(end), new Datum.Text("/stat")));
    var text = new Datum.Space("stat", 1024);
    var size = steps.registers().number("size");
    var in = steps.registers().descriptor("stat");
    steps.call(
        "opening the stat of the first process",
        in,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.address(name),
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
    steps.call(
        "reading the stat of the first process",
        size,
        OnError.FAIL,
        Sys.READ,
        Operand.result(in),
        Operand.address(text),
        Operand.number(1024));
    steps.close(in);
    var out = steps.registers().descriptor("first");
    create(steps, out, path(StateFiles.FIRST));
    writeWhole(steps, path(StateFiles.FIRST), out, Operand.address(text), Operand.result(size));
    steps.close(out);
  }

  /** Writes the record of the end beside its place and gives it its name: whole or not at all. */
  void recordEnd(Steps steps) {
    String path = request.state().report();
    var file = steps.registers().number("end file");
    String fresh = path + ".new";
    steps.call(
        "making " + fresh,
        file,
        OnError.IGNORE,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(fresh),
        Operand.number(
            OpenFlags.O_CREAT | OpenFlags.O_WRONLY | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0600, Notation.OCTAL));
    steps.when(
        "where it could be made",
        Operand.number(-1),
        Step.Test.LESS,
        Operand.result(file),
        inner -> {
          inner.add(
              new Step.WriteRecord(
                  new Step.Note("writing the record", steps.because()), Operand.result(file)));
          inner.call("closing " + fresh, OnError.IGNORE, Sys.CLOSE, Operand.result(file));
          inner.call(
              "naming it " + path,
              OnError.IGNORE,
              Sys.RENAMEAT2,
              Steps.cwd(),
              Operand.text(fresh),
              Steps.cwd(),
              Operand.text(path),
              Operand.number(0));
        });
  }
}
