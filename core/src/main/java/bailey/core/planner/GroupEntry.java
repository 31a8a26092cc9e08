package bailey.core.planner;

import bailey.core.abi.Arch;
import bailey.core.abi.Errno;
import bailey.core.abi.Flags.OpenFlags;
import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a new process comes into control groups.
 *
 * <p>A task enters a v1 group by writing {@code 0} to {@code tasks} itself while it has one thread:
 * only then does the kernel not take the lock over all forks, whose first taking after a pause
 * waits for an RCU grace period of several milliseconds (kernel/cgroup/cgroup.c,
 * cgroup_procs_write_start). In v2 it is born in its group, by CLONE_INTO_CGROUP.
 */
final class GroupEntry {
  private final Arch arch;
  private final Map<String, Register> taskFiles = new LinkedHashMap<>();
  private @Nullable Register birthplace;

  GroupEntry(Arch arch) {
    this.arch = arch;
  }

  /**
   * Opens the v2 group to be born in, and says so in the arguments of clone3.
   *
   * @param leaf which is taken instead where it is there: the tasks of a container that has
   *     children are in it
   */
  void openBirthplace(Steps steps, String group, @Nullable String leaf, Datum cloneArguments) {
    steps.because("cgroups: entering");
    var place = steps.registers().number("cgroup2");
    birthplace = place;
    openGroup(steps, "opening the cgroup " + group, place, group, OnError.FAIL);
    if (leaf != null) {
      preferLeaf(steps, place, leaf);
    }
    steps.store("the cgroup to be born in", cloneArguments, 80, 8, Operand.result(place));
  }

  private void openGroup(Steps steps, String what, Register place, String group, OnError onError) {
    steps.call(
        what,
        place,
        onError,
        Sys.OPENAT,
        Steps.cwd(),
        Operand.text(group),
        Operand.number(
            OpenFlags.directory(arch) | OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, Notation.OPEN),
        Operand.number(0));
  }

  private void preferLeaf(Steps steps, Register place, String leaf) {
    var found = steps.registers().number("leaf");
    openGroup(steps, "looking for " + leaf, found, leaf, OnError.allow(Errno.ENOENT));
    steps.when(
        "where it is there",
        Operand.number(-1),
        Step.Test.LESS,
        Operand.result(found),
        inner -> {
          inner.call("closing the group", Sys.CLOSE, Operand.result(place));
          inner.add(
              new Step.Assign(
                  new Step.Note("taking the leaf", inner.because()), place, Operand.result(found)));
        });
  }

  /** Opens what is written to enter a v1 group. */
  void openTasks(Steps steps, String directory) {
    steps.because("cgroups: entering");
    String file = directory + "/tasks";
    taskFiles.put(
        directory,
        steps.open(
            "opening " + file, Steps.cwd(), file, OpenFlags.O_WRONLY, "tasks of " + directory));
  }

  /** In a new process that has one thread: enters the v1 groups. */
  void enter(Steps steps) {
    steps.because("cgroups: entering");
    taskFiles.forEach(
        (directory, file) ->
            steps.call(
                "entering the cgroup " + directory,
                Sys.WRITE,
                Operand.result(file),
                Operand.text("0"),
                Operand.number(1)));
  }

  /** After the clone: what was opened for the child is not needed any more. */
  void close(Steps steps) {
    steps.because("cgroups: entering");
    if (birthplace != null) {
      steps.close(birthplace);
    }
    taskFiles.values().forEach(steps::close);
  }
}
