package bailey.core.planner;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanVerifier;
import bailey.core.plan.Registers;
import bailey.core.plan.Steps;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Plans the mounting and unmounting of hierarchies. Which there are is said by one file, whose name
 * changes with each change, so that a launch that was planned before finds that it is gone. Whoever
 * executes these plans keeps others from changing it meanwhile. Any thread.
 */
public final class HierarchyPlanner {
  private static final int LONGEST_PAUSE = 64; // ms; 127 in all

  private final KernelFeatures features;

  /** A planner for a machine. */
  public HierarchyPlanner(KernelFeatures features) {
    this.features = features;
  }

  /** Makes the state directory of a hierarchy, mounts what tracks its tasks, and binds it. */
  public Plan mount(HierarchyRequest request) {
    var steps = new Steps(new Registers());
    steps.because("hierarchy " + request.name());
    steps.mkdir("making " + request.parent(), request.parent(), 0700, OnError.allow(Errno.EEXIST));
    makeDirectory(steps, request.directory());
    request.tracking().ifPresent(option -> track(steps, request, option));
    replace(steps, request);
    return plan("mount " + request.name(), steps);
  }

  private static void makeDirectory(Steps steps, String path) {
    steps.mkdir("making " + path, path, 0700, OnError.FAIL);
    steps.undo("removing " + path, undo -> removeDirectory(undo, path, OnError.IGNORE));
  }

  private static void removeDirectory(Steps steps, String path, OnError onError) {
    steps.call(
        "removing " + path,
        onError,
        Sys.UNLINKAT,
        Steps.cwd(),
        Operand.text(path),
        Operand.number(Flags.AT_REMOVEDIR, Notation.AT));
  }

  /** cgroups(7), "Named hierarchies": one without a controller, which only groups tasks. */
  private static void track(Steps steps, HierarchyRequest request, String option) {
    String point = request.point();
    makeDirectory(steps, point);
    mount(steps, point, option, OnError.FAIL);
    steps.undo("unmounting " + point, undo -> unmount(undo, point, OnError.IGNORE));
  }

  private static void mount(Steps steps, String point, String option, OnError onError) {
    steps.call(
        "mounting the hierarchy " + option + " on " + point,
        onError,
        Sys.MOUNT,
        Operand.text(option),
        Operand.text(point),
        Operand.text("cgroup"),
        Operand.number(Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC, Notation.MOUNT),
        Operand.text("none," + option));
  }

  private static void unmount(Steps steps, String point, OnError onError) {
    steps.callWhenFree(
        "unmounting " + point, onError, Sys.UMOUNT2, Operand.text(point), Operand.number(0));
  }

  /** First what it says is replaced, whole or not at all, then its name. */
  private static void replace(Steps steps, HierarchyRequest request) {
    String fresh = request.next() + ".new";
    steps.undo("removing one that is not whole", undo -> StateSteps.unlink(undo, fresh, 0));
    StateSteps.writeNew(steps, fresh, request.text());
    rename(steps, fresh, request.bindings());
    rename(steps, request.bindings(), request.next());
  }

  private static void rename(Steps steps, String from, String to) {
    steps.call(
        "naming it " + to,
        Sys.RENAMEAT2,
        Steps.cwd(),
        Operand.text(from),
        Steps.cwd(),
        Operand.text(to),
        Operand.number(0));
  }

  /**
   * Takes a hierarchy away that has no containers any more.
   *
   * @param files what is in its state directory, inner ones first, as absolute paths; directories
   *     end with a slash
   * @param groups the groups below which its containers were
   */
  public Plan unmount(HierarchyRequest request, List<String> files, List<String> groups) {
    var steps = new Steps(new Registers());
    steps.because("hierarchy " + request.name());
    for (var group : groups) {
      removeDirectory(steps, group, OnError.allow(Errno.ENOENT));
    }
    request
        .tracking()
        .ifPresent(
            option -> {
              unmountGroups(steps, request.directory());
              settle(steps, request.point(), option);
              removeDirectory(steps, request.point(), OnError.allow(Errno.ENOENT));
            });
    replace(steps, request);
    remove(steps, request.directory(), files);
    return plan("unmount " + request.name(), steps);
  }

  /**
   * Removes what is left of a hierarchy that is not bound.
   *
   * @param directory its state directory
   * @param files what is in that, inner ones first, as absolute paths; directories end with a slash
   */
  public Plan clear(String name, String directory, List<String> files) {
    var steps = new Steps(new Registers());
    steps.because("hierarchy " + name);
    unmountGroups(steps, directory);
    removeDirectory(steps, HierarchyRequest.point(directory), OnError.allow(Errno.ENOENT));
    remove(steps, directory, files);
    return plan("remove what is left of " + name, steps);
  }

  private static void unmountGroups(Steps steps, String directory) {
    unmount(steps, HierarchyRequest.point(directory), OnError.allow(Errno.EINVAL, Errno.ENOENT));
  }

  /**
   * The kernel ends a hierarchy with its last mount if it has no group then, and a group that was
   * just removed still counts for some milliseconds (cgroup_kill_sb(), css_free_rwork_fn()): else
   * it stays, mounted nowhere, in every /proc/PID/cgroup. So it is mounted and unmounted again,
   * later and later; where it has ended that makes another, which ends at once.
   */
  private static void settle(Steps steps, String point, String option) {
    for (int millis = 1; millis <= LONGEST_PAUSE; millis *= 2) {
      var time = List.of(number(0), number(TimeUnit.MILLISECONDS.toNanos(millis)));
      steps.call(
          "waiting for " + millis + " ms",
          OnError.IGNORE,
          Sys.PPOLL,
          number(0),
          number(0),
          Operand.address(new Datum.Words(millis + " ms", time)),
          number(0),
          number(0));
      mount(steps, point, option, OnError.IGNORE);
      unmount(steps, point, OnError.IGNORE);
    }
  }

  private static Operand number(long value) {
    return Operand.number(value);
  }

  private static void remove(Steps steps, String root, List<String> files) {
    for (var file : files) {
      boolean directory = file.endsWith("/");
      StateSteps.unlink(
          steps,
          directory ? file.substring(0, file.length() - 1) : file,
          directory ? Flags.AT_REMOVEDIR : 0);
    }
    removeDirectory(steps, root, OnError.IGNORE);
  }

  private Plan plan(String title, Steps steps) {
    return PlanVerifier.verify(new Plan(title, features.arch(), List.of(), steps.list()));
  }
}
