package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.ProcFile;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Steps;
import java.util.Optional;

/**
 * Files over those of /proc and /sys in which the container sees itself instead of the machine.
 *
 * <p>The directory that has them is opened by who starts the container, since it may be below one
 * that only he may enter. The container gets it as a tree that is mounted nowhere, read-only, of
 * which only files stay mounted: no path leads from a file to what it was in. While they are bound
 * the tree is mounted within the container's own /proc, to which nobody has a path yet that could
 * change it.
 */
final class ViewSteps {
  /** Of /proc: a directory that every kernel has (proc_root_init() in fs/proc/root.c). */
  private static final String PLACE = "driver";

  private static final String PROC = "/proc/";
  private static final String SYS = "/sys/";

  /** Not each kernel is built with swap or pressure. */
  private static final OnError WHERE_THERE = OnError.allow(Errno.ENOENT);

  private final Optional<ProcView> view;

  ViewSteps(Optional<ProcView> view) {
    this.view = view;
  }

  private static Steps because(Steps steps) {
    return steps.because("--proc=view");
  }

  /** In who starts the container, before its first process. */
  void open(Steps steps) {
    view.ifPresent(
        what -> {
          because(steps);
          var tree =
              RootSteps.tree(
                  steps,
                  "opening what it sees of itself",
                  what.directory(),
                  RootSteps.DETACHED_TREE,
                  "view");
          RootSteps.attributes(
              steps,
              "making it read-only",
              tree,
              Flags.MOUNT_ATTR_RDONLY
                  | Flags.MOUNT_ATTR_NOSUID
                  | Flags.MOUNT_ATTR_NODEV
                  | Flags.MOUNT_ATTR_NOEXEC);
        });
  }

  /** There, when that has it. */
  void close(Steps steps) {
    view.ifPresent(_ -> steps.close(steps.registers().descriptor("view")));
  }

  /** In the first process: on as many CPUs as it may use the time of. */
  void place(Steps steps) {
    view.flatMap(ProcView::cpus).ifPresent(cpus -> AffinitySteps.place(because(steps), cpus));
  }

  /** In the first process, when /proc and /sys are mounted and their handles still open. */
  void attach(Steps steps) {
    if (view.isEmpty()) {
      return;
    }
    because(steps);
    var tree = steps.registers().descriptor("view");
    enter(steps, "proc");
    RootSteps.attach(steps, "mounting what it sees of itself", tree, PLACE);
    for (var file : ProcFile.values()) {
      if (file.path().startsWith(PROC)) {
        steps.mount(
            "showing its own " + file.path(),
            WHERE_THERE,
            PLACE + "/" + file.fileName(),
            file.path().substring(PROC.length()),
            null,
            Flags.MS_BIND,
            null);
      } else {
        attachElsewhere(steps, file);
      }
    }
    steps.call(
        "leaving the files alone",
        Sys.UMOUNT2,
        Operand.text(PLACE),
        Operand.number(Flags.MNT_DETACH, Notation.UMOUNT));
    steps.call("entering /", Sys.CHDIR, Operand.text("/"));
  }

  private static void attachElsewhere(Steps steps, ProcFile file) {
    var tree =
        RootSteps.tree(
            steps,
            "opening its own " + file.path(),
            PLACE + "/" + file.fileName(),
            Flags.OPEN_TREE_CLONE | Flags.OpenFlags.O_CLOEXEC,
            "file of it");
    enter(steps, "sys");
    steps.call(
        "showing its own " + file.path(),
        WHERE_THERE,
        Sys.MOVE_MOUNT,
        Operand.result(tree),
        Operand.text(""),
        Steps.cwd(),
        Operand.text(file.path().substring(SYS.length())),
        Operand.number(Flags.MOVE_MOUNT_F_EMPTY_PATH, Notation.MOVE_MOUNT));
    steps.close(tree);
    enter(steps, "proc");
  }

  private static void enter(Steps steps, String name) {
    steps.call("entering /" + name, Sys.FCHDIR, Operand.result(steps.registers().descriptor(name)));
  }
}
