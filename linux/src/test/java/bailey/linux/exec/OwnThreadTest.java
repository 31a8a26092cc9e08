package bailey.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Sys;
import bailey.core.kernel.FileWatching;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.planner.FileEventPlanner;
import bailey.linux.sys.SystemCall;
import bailey.testkit.FaultPoint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnThreadTest {
  @TempDir Path folder;

  private final Steps steps = new Steps(new Registers());
  private int open;

  @BeforeEach
  void count() {
    steps.because("test");
    var _ = OwnThread.execute(plan()).end().join(); // opens whatever the first call needs
    open = descriptors();
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(descriptors()).isEqualTo(open);
  }

  private static int descriptors() {
    var names = new File("/proc/self/fd").list();
    assertThat(names).isNotNull();
    return names.length;
  }

  private Plan plan() {
    return new Plan("test", SystemCall.ARCH, List.of(), steps.list());
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private PlanExecutor.End done(Plan plan) {
    assertThat(OwnThread.canDo(plan)).isTrue();
    var execution = OwnThread.execute(plan);
    var end = execution.end().join();
    assertThat(execution.start().join().failure()).isEqualTo(end.failure());
    return end;
  }

  /** A directory with a file in it, which is written by a descriptor. */
  private void make(String name, String text) {
    steps.mkdir("making " + name, path(name), 0700, OnError.FAIL);
    steps.undo("removing " + name, undo -> unlink(undo, name, Flags.AT_REMOVEDIR));
    steps.undo("removing what is in it", undo -> unlink(undo, name + "/file", 0));
    var file =
        steps.open(
            "making the file",
            Steps.cwd(),
            path(name + "/file"),
            OpenFlags.O_CREAT | OpenFlags.O_WRONLY,
            "file");
    steps.call(
        "writing",
        Sys.WRITE,
        Operand.result(file),
        Operand.address(new Datum.Text(text)),
        Operand.number(text.length()));
    steps.close(file);
  }

  private void unlink(Steps to, String name, long flags) {
    to.call(
        "removing " + name,
        OnError.IGNORE,
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(path(name)),
        Operand.number(flags));
  }

  @Test
  void whatIsDoneStays() throws IOException {
    make("one", "text");
    var end = done(plan());
    assertThat(end.status()).isZero();
    assertThat(end.failure()).isNull();
    assertThat(folder.resolve("one/file")).hasContent("text");
  }

  @Test
  void afterAnyStepThatFailsAllIsUndone() throws IOException {
    make("one", "text");
    make("two", "more");
    var plan = plan();
    int tried = 0;
    for (int place = 1; place <= plan.flattened().size(); place++) {
      if (isMain(plan, plan.flattened().get(place - 1))) {
        var failing = FaultPoint.failing(plan, place, Errno.EPERM);
        var end = done(failing);
        assertThat(end.status()).isEqualTo(125);
        var failure = Objects.requireNonNull(end.failure());
        assertThat(failure.errno()).isEqualTo(Errno.EPERM.number());
        assertThat(failure.number()).isEqualTo(place + 1);
        assertThat(folder).as("failed after step %d", place).isEmptyDirectory();
        assertThat(descriptors()).isEqualTo(open);
        tried++;
      }
    }
    assertThat(tried).isEqualTo(6);
  }

  /** Not among the steps for failures, nor between a step and what undoes it. */
  @SuppressWarnings("ReferenceEquality") // equal steps are at different places
  private static boolean isMain(Plan plan, Step step) {
    var main = plan.steps();
    for (int i = 0; i < main.size(); i++) {
      if (main.get(i) == step) {
        return FaultPoint.isPlace(step)
            && (i + 1 == main.size() || !(main.get(i + 1) instanceof Step.Undo));
      }
    }
    return false;
  }

  @Test
  void errorsAreWhatTheStepSays() {
    steps.mkdir("making it again", folder.toString(), 0700, OnError.allow(Errno.EEXIST));
    unlink(steps, "nothing", 0);
    assertThat(done(plan()).failure()).isNull();
    steps.mkdir("making it once more", folder.toString(), 0700, OnError.allow(Errno.ENOENT));
    var failure = Objects.requireNonNull(done(plan()).failure());
    assertThat(failure.errno()).isEqualTo(Errno.EEXIST.number());
    assertThat(failure.step().note().what()).isEqualTo("making it once more");
  }

  @Test
  void numbersAndTextsAreFoundInFiles() throws IOException {
    Files.writeString(folder.resolve("record"), "first\nsize=x\nid=4711\nid=1\n");
    var id = steps.registers().number("id");
    var none = steps.registers().number("none");
    var note = new Step.Note("looking", "test");
    steps.add(new Step.Collect(note, "record", Steps.cwd(), new Datum.Text(path("record"))));
    steps.add(new Step.Find(note, "id=", id));
    steps.add(new Step.Find(note, "d=", none));
    makeWhen("same", id, Step.Test.EQUAL, 4711);
    makeWhen("less", id, Step.Test.LESS, 4711);
    makeWhen("other", id, Step.Test.DIFFERENT, 4710);
    makeWhen("none", none, Step.Test.EQUAL, 0);
    steps.add(new Step.Collect(note, "nothing", Steps.cwd(), new Datum.Text(path("nothing"))));
    steps.add(new Step.Find(note, "id=", id));
    makeWhen("gone", id, Step.Test.EQUAL, 0);
    assertThat(done(plan()).failure()).isNull();
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("record", "same", "other", "none", "gone");
  }

  private void makeWhen(String name, Register register, Step.Test test, long value) {
    steps.when(
        "where it is so",
        Operand.result(register),
        test,
        Operand.number(value),
        inner -> inner.mkdir("making " + name, path(name), 0700, OnError.FAIL));
  }

  @Test
  void bytesThatAreReadCanBeWritten() throws IOException {
    Files.writeString(folder.resolve("from"), "ten bytes.");
    var room = new Datum.Space("room", 4096);
    var size = steps.registers().number("size");
    var from = steps.open("opening", Steps.cwd(), path("from"), 0, "from");
    steps.call(
        "reading",
        size,
        OnError.FAIL,
        Sys.READ,
        Operand.result(from),
        Operand.address(room),
        Operand.number(4096));
    steps.close(from);
    var to =
        steps.open("making", Steps.cwd(), path("to"), OpenFlags.O_CREAT | OpenFlags.O_WRONLY, "to");
    steps.call(
        "writing", Sys.WRITE, Operand.result(to), Operand.address(room), Operand.result(size));
    steps.close(to);
    assertThat(done(plan()).failure()).isNull();
    assertThat(folder.resolve("to")).hasContent("ten bytes.");
  }

  @Test
  void whatConcernsTheProcessIsForAnother() {
    var plain = plan();
    assertThat(OwnThread.canDo(plain)).isTrue();
    steps.call("leaving", Sys.UNSHARE, Operand.number(0));
    assertThat(OwnThread.canDo(plan())).isFalse();
    var inside = new Steps(new Registers());
    inside.because("test");
    inside.undo("never", undo -> undo.call("ending", OnError.IGNORE, Sys.KILL, Operand.number(0)));
    assertThat(OwnThread.canDo(new Plan("test", SystemCall.ARCH, List.of(), inside.list())))
        .isFalse();
  }

  /** The thread would wait for others of the same process, which could not be ended meanwhile. */
  @Test
  void whatAServerIsAskedAboutIsForAnother() {
    for (var what : FileWatching.What.values()) {
      var change = new FileWatching.Change(what, "/default", "web", 0);
      var telling = new FileEventPlanner(SystemCall.ARCH, 0, 45).plan("/containers", change);
      assertThat(OwnThread.canDo(telling)).as("%s", what).isFalse();
    }
  }
}
