package bailey.core.planner;

import static bailey.core.planner.LaunchPlanner.note;
import static bailey.core.planner.LaunchPlanner.number;
import static bailey.core.planner.LaunchPlanner.result;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.FileWatching.Change;
import bailey.core.kernel.FileWatching.What;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Register;
import bailey.core.plan.Registers;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.List;
import java.util.Optional;

/**
 * Plans calls by which the kernel tells those who watch a file (inotify(7)) that it changed: it
 * tells of what is done by calls on its mount, so a file is made shorter (truncate(2)), a directory
 * made or something removed there, which the server of that mount knows by the group of who does it
 * and answers without doing anything. Each file is looked at before: at the path may be something
 * else by now, which is not to be touched. No state.
 */
public final class FileEventPlanner {
  private static final int STATX_SIZE = 256;
  private static final long STATX_INO = 0x100;
  private static final int STX_INO = 32;
  private static final int STX_DEV_MINOR = 140;
  private static final int STX_DEV_MAJOR = 136;
  private static final long STATX_DONT_SYNC = 0x4000;
  private static final long MODE = 0755;
  private static final String SELF = "/proc/self/fd/";

  private final Arch arch;
  private final int major;
  private final int minor;

  /** For files of one file system, by the number of its device. */
  public FileEventPlanner(Arch arch, int major, int minor) {
    this.arch = arch;
    this.major = major;
    this.minor = minor;
  }

  /**
   * The plan. It fails with ESTALE where the path leads to something else.
   *
   * @param mounted where the file system is mounted, an absolute path
   */
  public Plan plan(String mounted, Change change) {
    var steps = new Steps(new Registers());
    steps.because(change.what() + " " + change.name());
    var group = group(change.what());
    var walker = change.what() == What.MADE ? group(What.MODIFIED) : group;
    steps.call(
        "becoming one of whom the server knows that nothing is to be done",
        change.what() == What.MODIFIED ? OnError.IGNORE : OnError.FAIL,
        Sys.SETRESGID,
        walker,
        walker,
        walker);
    long flags = OpenFlags.O_PATH | OpenFlags.noFollow(arch);
    var directory =
        steps.open(
            "opening its directory",
            Steps.cwd(),
            mounted + change.directory(),
            OpenFlags.O_PATH | OpenFlags.directory(arch),
            "directory");
    check(steps, directory, Optional.empty());
    switch (change.what()) {
      case MODIFIED -> {
        var file = steps.open("opening it", result(directory), change.name(), flags, "file");
        check(steps, file, Optional.of(change.inode()));
        modify(steps, file);
        steps.close(file);
      }
      case MADE -> {
        steps.call("as who makes directories", Sys.SETRESGID, group, group, group);
        steps.call(
            "telling that it is there",
            Sys.MKDIRAT,
            result(directory),
            Operand.text(change.name()),
            Operand.number(MODE, Notation.OCTAL));
      }
      case REMOVED_FILE -> remove(steps, directory, change, 0);
      case REMOVED_DIRECTORY -> remove(steps, directory, change, Flags.AT_REMOVEDIR);
    }
    steps.close(directory);
    return PlanVerifier.verify(
        new Plan("tell that " + change.name() + " changed", arch, List.of(), steps.list()));
  }

  private static Operand group(What what) {
    return number(Integer.toUnsignedLong(what.group()));
  }

  private static void remove(Steps steps, Register directory, Change change, long flags) {
    steps.call(
        "telling that it is gone",
        Sys.UNLINKAT,
        result(directory),
        Operand.text(change.name()),
        Operand.number(flags, Notation.AT));
  }

  /** By the descriptor, so that it is what was looked at. */
  private static void modify(Steps steps, Register file) {
    var path = new Datum.Space("path of its descriptor", 32);
    var note = note(steps, "naming its descriptor");
    steps.add(new Step.Append(note, path, number(0), new Datum.Text(SELF)));
    steps.add(new Step.Decimal(note, path, SELF.length(), result(file), null));
    steps.call(
        "telling that it changed", OnError.IGNORE, Sys.TRUNCATE, Operand.address(path), number(0));
  }

  private void check(Steps steps, Register file, Optional<Long> inode) {
    var status = new Datum.Space("status of " + file.name(), STATX_SIZE);
    steps.call(
        "looking what is there",
        Sys.STATX,
        result(file),
        Operand.text(""),
        Operand.number(Flags.AT_EMPTY_PATH | STATX_DONT_SYNC, Notation.AT),
        Operand.number(STATX_INO, Notation.HEX),
        Operand.address(status));
    same(steps, status, STX_DEV_MAJOR, 4, major);
    same(steps, status, STX_DEV_MINOR, 4, minor);
    inode.ifPresent(number -> same(steps, status, STX_INO, 8, number));
  }

  private static void same(Steps steps, Datum status, int offset, int width, long expected) {
    var found = steps.registers().number("what is there");
    steps.load("what it is", status, offset, width, found);
    steps.when(
        "where it is something else",
        result(found),
        Step.Test.DIFFERENT,
        number(expected),
        inner ->
            inner.add(
                new Step.Fail(
                    note(inner, "looking what is there"), number(-Errno.ESTALE.number()))));
  }
}
