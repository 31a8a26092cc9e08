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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of a container on disk: its directory is its name (mkdir(2) gives it to one only), its
 * lock, gone with the process that holds it, however that ends, says that somebody looks after it.
 */
final class StateSteps {
  /** Why the hierarchies are looked at. */
  static final String BINDINGS = "state: the hierarchies are as planned for";

  private final LaunchRequest request;
  private final StateFiles files;
  private @Nullable LockSteps lock;

  StateSteps(LaunchRequest request) {
    this.request = request;
    this.files = request.state();
  }

  private String path(String file) {
    return files.file(file);
  }

  /** Takes the name and writes what is intended, before anything else is made. */
  void take(Steps steps) {
    steps.because("state: the name and what is intended");
    var gate = LockSteps.prepare(steps, files.gate(), "gate");
    // before what undoes the directory, so that this is held until the directory is gone
    var own = LockSteps.prepare(steps, path(StateFiles.LOCK), "lock");
    lock = own;
    if (request.made()) {
      start(steps);
      own.take(steps, LockSteps.Kind.EXCLUSIVE, false);
      replaceIntent(steps);
      return;
    }
    gate.take(steps, LockSteps.Kind.SHARED, true);
    checkBindings(steps);
    steps.mkdir("taking the name " + request.name(), files.directory(), 0700, OnError.FAIL);
    steps.undo("giving the name back", this::remove);
    own.take(steps, LockSteps.Kind.EXCLUSIVE, true);
    gate.release(steps);
    writeIntent(steps);
  }

  /** What is bound to which hierarchy changes only while nobody has the gate. */
  private void checkBindings(Steps steps) {
    var because = steps.because();
    steps.because(BINDINGS);
    var file =
        steps.open("looking at " + files.bindings(), Steps.cwd(), files.bindings(), 0, "bindings");
    steps.close(file);
    steps.because(because);
  }

  /** Of two that start the same container only one can make this file. */
  private void start(Steps steps) {
    String path = path(StateFiles.STARTED);
    makeFile(steps, path, "started");
    steps.undo(
        "taking the start back",
        undo -> {
          unlink(undo, path(StateFiles.FIRST), 0);
          unlink(undo, path, 0);
        });
  }

  /** Says that a container that is to be started later is complete, and leaves it to itself. */
  void finishMaking(Steps steps) {
    steps.because("state: it is complete");
    makeFile(steps, path(StateFiles.MADE), "made");
    Objects.requireNonNull(lock).releaseAtOnce(steps);
  }

  private static void makeFile(Steps steps, String path, String name) {
    var file = steps.registers().descriptor(name);
    steps.call(
        "making " + path,
        file,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(
            OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC,
            Notation.OPEN),
        Operand.number(0600, Notation.OCTAL));
    steps.close(file);
  }

  /** Kept where the container stays listed after its end. */
  private void remove(Steps steps) {
    var kept = EndSteps.kept(steps);
    steps.when(
        "removing what is not kept",
        Operand.result(kept),
        Step.Test.EQUAL,
        Operand.number(0),
        inner -> removeAll(inner, files, request.made() || !request.spec().pinned().isEmpty()));
  }

  /** Removes the files of a container and its directory. */
  static void removeAll(Steps steps, StateFiles files, boolean pinned) {
    if (pinned) {
      PinSteps.remove(steps, files.file(StateFiles.NAMESPACES));
    }
    for (var file : StateFiles.ALL) {
      unlink(steps, files.file(file), 0);
    }
    unlink(steps, files.directory(), Flags.AT_REMOVEDIR);
  }

  static void unlink(Steps steps, String path, long flags) {
    steps.call(
        "removing " + path,
        OnError.IGNORE,
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(flags, Notation.AT));
  }

  private void writeIntent(Steps steps) {
    writeIntent(steps, path(StateFiles.INTENT));
  }

  /** Now it says the command as well; the old one stays until the new one is whole. */
  private void replaceIntent(Steps steps) {
    String fresh = path(StateFiles.INTENT_NEW);
    steps.undo("removing an intent that is not whole", undo -> unlink(undo, fresh, 0));
    writeIntent(steps, fresh);
    steps.call(
        "naming it " + StateFiles.INTENT,
        Sys.RENAMEAT2,
        Steps.cwd(),
        Operand.text(fresh),
        Steps.cwd(),
        Operand.text(path(StateFiles.INTENT)),
        Operand.number(0));
  }

  private void writeIntent(Steps steps, String path) {
    writeNew(steps, path, request.intent());
  }

  /** Makes a file with that text. */
  static void writeNew(Steps steps, String path, String text) {
    var file = steps.registers().descriptor(path.substring(path.lastIndexOf('/') + 1));
    create(steps, file, path);
    int size = KernelText.encode(text).length;
    writeWhole(steps, path, file, Operand.address(new Datum.Text(text)), Operand.number(size));
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
    var name = ofProcess(steps, pid, "/stat");
    copyStat(steps, Operand.address(name), path(StateFiles.FIRST));
  }

  /** Copies a file of /proc: what is there at that moment. */
  static void copyStat(Steps steps, Operand from, String to) {
    var text = new Datum.Space("stat", 1024);
    var size = steps.registers().number("size");
    var in = steps.registers().descriptor("stat");
    steps.call(
        "opening the stat of the process",
        in,
        OnError.FAIL,
        Sys.OPENAT,
        Steps.cwd(),
        from,
        Operand.number(OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
    steps.call(
        "reading the stat of the process",
        size,
        OnError.FAIL,
        Sys.READ,
        Operand.result(in),
        Operand.address(text),
        Operand.number(1024));
    steps.close(in);
    var out = steps.registers().descriptor("copy of the stat");
    create(steps, out, to);
    writeWhole(steps, to, out, Operand.address(text), Operand.result(size));
    steps.close(out);
  }

  /** The path of a file that /proc has of a process. */
  static Datum ofProcess(Steps steps, Register pid, String file) {
    var path = new Datum.Space("/proc/PID" + file, 48);
    var end = steps.registers().number("end of path");
    var note = new Step.Note("naming " + file + " of the process", steps.because());
    steps.add(new Step.Append(note, path, Operand.number(0), new Datum.Text("/proc/")));
    steps.add(new Step.Decimal(note, path, 6, Operand.result(pid), end));
    steps.add(new Step.Append(note, path, Operand.result(end), new Datum.Text(file)));
    return path;
  }

  /** Writes the record of the end beside its place and gives it its name: whole or not at all. */
  void recordEnd(Steps steps) {
    record(steps, request.state().report());
  }

  /** Writes what the plan collected, in the same way. */
  static void record(Steps steps, String path) {
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
          var written = inner.registers().number("written");
          inner.add(
              new Step.WriteRecord(
                  new Step.Note("writing the record", steps.because()),
                  Operand.result(file),
                  written));
          inner.call("closing " + fresh, OnError.IGNORE, Sys.CLOSE, Operand.result(file));
          inner.when(
              "where it is whole",
              Operand.result(written),
              Step.Test.EQUAL,
              Operand.number(0),
              whole ->
                  whole.call(
                      "naming it " + path,
                      OnError.IGNORE,
                      Sys.RENAMEAT2,
                      Steps.cwd(),
                      Operand.text(fresh),
                      Steps.cwd(),
                      Operand.text(path),
                      Operand.number(0)));
          inner.when(
              "where the disk is full",
              Operand.result(written),
              Step.Test.LESS,
              Operand.number(0),
              cut -> unlink(cut, fresh, 0));
        });
  }
}
