package bailey.core.planner;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.OnError;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.subsystem.Controller;
import bailey.core.subsystem.KernelFile;
import bailey.core.subsystem.Subsystems;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The end of what is in a container's control groups, and what their counters tell of it.
 *
 * @param accounted whether its group of cgroup2 counts anything
 * @param guest whether those inside have groups of their own, below these
 */
record GroupReport(KernelFeatures features, Placement placement, boolean accounted, boolean guest) {
  private static final String OOM_V1 = "memory.oom_control";
  private static final String OOM_V2 = "memory.events";

  /** The control files that the report of the end is made of. */
  private static final List<String> REPORTED =
      List.of(
          "memory.peak",
          "memory.max",
          "memory.events",
          "cpu.stat",
          "cpuacct.usage",
          "pids.peak",
          "pids.events");

  /** Ends what is left inside, where no process 1 took everything with it. */
  void killRest(Steps steps) {
    steps.because("the end of the container");
    String core = placement.directories().get(Placement.CORE);
    if (core != null && features.atLeast(5, 14)) {
      steps.write(
          "killing all in " + core, Steps.cwd(), core + "/cgroup.kill", "1", OnError.IGNORE);
      return;
    }
    if (placement.distinct().isEmpty()) {
      return;
    }
    var directory = placement.distinct().getFirst(); // all are in each
    var fd =
        steps.open("opening " + directory, Steps.cwd(), directory + "/cgroup.procs", 0, "procs");
    steps.add(
        new Step.KillListed(
            new Step.Note("killing all in " + directory, steps.because()), Operand.result(fd)));
    steps.close(fd);
  }

  /** Reads what the container used into the record; how often memory ran out goes to a register. */
  void collect(Steps steps, Register outOfMemory) {
    steps.because("the report of the end");
    for (var file : reported()) {
      String directory = placement.directories().get(file.controller());
      if (directory == null || (file.controller().equals(Placement.CORE) && !accounted)) {
        continue; // not in such a group, or only for freezing and killing
      }
      // v1 counts only where the victim was, and not in the groups around that
      boolean own = guest && file.name().equals(OOM_V1);
      steps.add(
          new Step.Collect(
              new Step.Note("reading " + file.name(), steps.because()),
              file.controller() + "/" + file.name(),
              Steps.cwd(),
              new Datum.Text(
                  (own ? BoundaryGroups.tasks(placement, directory) : directory)
                      + "/"
                      + file.name())));
      if (file.name().equals(OOM_V1) || file.name().equals(OOM_V2)) {
        steps.add(
            new Step.Find(
                new Step.Note("looking for out-of-memory kills", steps.because()),
                "oom_kill ",
                outOfMemory));
      }
    }
  }

  /** The kernel's files that tell the values of {@link #REPORTED}, each once. */
  private Set<KernelFile> reported() {
    var files = new LinkedHashSet<KernelFile>();
    for (var control : REPORTED) {
      files.addAll(filesOf(control));
    }
    return files;
  }

  /** None where the kernel is too old for it: the report goes without. */
  private List<KernelFile> filesOf(String control) {
    try {
      var file = Subsystems.standard().find(control).file();
      return Subsystems.standard().find(control).subsystem() instanceof Controller controller
          ? controller.reading(features.controllers(), file).files()
          : List.of();
    } catch (NotPossibleHere _) {
      return List.of();
    }
  }
}
