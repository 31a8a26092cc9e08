package bailey.core.planner;

import bailey.core.abi.Sys;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Datum;
import bailey.core.plan.Operand;
import bailey.core.plan.Steps;
import bailey.core.spec.ContainerSpec;
import bailey.core.subsystem.CpusetSubsystem;
import java.util.Arrays;

/**
 * The CPUs of a process where no control group keeps them: its affinity, which what it starts
 * inherits.
 */
final class AffinitySteps {
  private static final int WORD = 8;

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
    var cpus = CpusetSubsystem.CPUS.canonical(CpusetSubsystem.CPUS_FILE, asked);
    var bits = CpusetSubsystem.CPUS.numbers(cpus).toByteArray();
    var mask = Arrays.copyOf(bits, (bits.length + WORD - 1) / WORD * WORD);
    steps.because("control " + CpusetSubsystem.CPUS_FILE);
    steps.call(
        "placing it on the CPUs " + cpus,
        Sys.SCHED_SETAFFINITY,
        Operand.number(0),
        Operand.number(mask.length),
        Operand.address(new Datum.Bytes("CPUs " + cpus, mask)));
  }
}
