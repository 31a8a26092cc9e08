package bailey.core.planner;

import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Steps;
import bailey.core.planner.BundleExecRequest.Affinity;
import bailey.core.spec.ContainerSpec;
import bailey.core.subsystem.CpusetSubsystem;
import java.util.Arrays;

/**
 * The CPUs of a process where no control group keeps them: its affinity, which what it starts
 * inherits.
 */
final class AffinitySteps {
  private static final int WORD = 8;

  /** The kernel's own mask has at most so many (CONFIG_NR_CPUS). */
  private static final int MOST_CPUS = 8192;

  private AffinitySteps() {}

  /** Whether a control file is had in this way. */
  static boolean isMeant(KernelFeatures features, String control) {
    return control.equals(CpusetSubsystem.CPUS_FILE)
        && CpusetSubsystem.isByAffinity(features.controllers());
  }

  /** In the process: where CPUs were asked for, it is placed on them. */
  static void place(Steps steps, KernelFeatures features, ContainerSpec spec) {
    var asked = spec.controls().get(CpusetSubsystem.CPUS_FILE);
    if (asked == null || !isMeant(features, CpusetSubsystem.CPUS_FILE)) {
      return;
    }
    steps.because("control " + CpusetSubsystem.CPUS_FILE);
    place(steps, CpusetSubsystem.CPUS.canonical(CpusetSubsystem.CPUS_FILE, asked));
  }

  /** In the process: it is placed on CPUs. */
  static void place(Steps steps, String cpus) {
    var bits = CpusetSubsystem.CPUS.numbers(cpus).toByteArray();
    var mask = Arrays.copyOf(bits, (bits.length + WORD - 1) / WORD * WORD);
    set(
        steps,
        "placing it on the CPUs " + cpus,
        mask.length,
        new Datum.Bytes("CPUs " + cpus, mask));
  }

  private static void set(Steps steps, String what, int length, Datum mask) {
    steps.call(
        what,
        Sys.SCHED_SETAFFINITY,
        Operand.number(0),
        Operand.number(length),
        Operand.address(mask));
  }

  /**
   * A process is started where it is to be before it is in its groups: a new process is where its
   * starter is at that moment, and it may be born in a group.
   *
   * @param start starts it
   */
  static void startOn(Steps steps, Affinity affinity, Runnable start) {
    if (affinity.initial().isEmpty()) {
      start.run();
      return;
    }
    String because = steps.because();
    steps.because("process.execCPUAffinity");
    var own = new Datum.Space("its starter's CPUs", MOST_CPUS / 8);
    steps.call(
        "looking on which CPUs its starter is",
        Sys.SCHED_GETAFFINITY,
        Operand.number(0),
        Operand.number(MOST_CPUS / 8),
        Operand.address(own));
    place(steps, affinity.initial().get());
    steps.because(because);
    start.run();
    steps.because("process.execCPUAffinity");
    set(steps, "going back to those CPUs", MOST_CPUS / 8, own);
    steps.because(because);
  }

  /** In the process, when it is in its groups, which keep it from all other CPUs. */
  static void stayOn(Steps steps, Affinity affinity) {
    steps.because("process.execCPUAffinity");
    affinity.last().ifPresent(cpus -> place(steps, cpus));
    if (affinity.last().isEmpty() && affinity.initial().isPresent()) {
      var all = new byte[MOST_CPUS / 8];
      Arrays.fill(all, (byte) 0xff);
      set(
          steps,
          "letting it use all CPUs of its groups",
          all.length,
          new Datum.Bytes("all CPUs", all));
    }
  }
}
