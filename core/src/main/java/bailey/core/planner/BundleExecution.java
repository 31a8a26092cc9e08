package bailey.core.planner;

import bailey.core.abi.Notation;
import bailey.core.abi.Sys;
import bailey.core.bundle.ProcessSpec;
import bailey.core.kernel.KernelFeatures;
import bailey.core.plan.Operand;
import bailey.core.plan.Register;
import bailey.core.plan.Step;
import bailey.core.plan.Steps;
import bailey.core.spec.CapabilitySet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How a process that is in a container becomes its program, the first one or a further one: it lets
 * go of everything of the machine's, then becomes who it is to be, then enters its directory, and
 * executes.
 */
final class BundleExecution {
  private static final int STREAMS = 3;

  private final ProcessSpec process;
  private final BundleCredentials credentials;
  private final int preserved;

  /**
   * For one process.
   *
   * @param preserved how many descriptors after the streams are the program's
   */
  BundleExecution(
      ProcessSpec process, CapabilitySet attainable, CredentialSteps.Groups groups, int preserved) {
    this.process = process;
    this.credentials = new BundleCredentials(process, attainable, groups);
    this.preserved = preserved;
  }

  /**
   * What a process can be given: in a user namespace of its own everything, else what who starts it
   * has himself.
   */
  static CapabilitySet attainable(KernelFeatures features, boolean entersUsers) {
    long all = CapabilitySet.ALL.mask();
    return entersUsers ? CapabilitySet.ALL : new CapabilitySet(all & features.capabilities());
  }

  BundleCredentials credentials() {
    return credentials;
  }

  /**
   * Up to where only the execution is left.
   *
   * @param kept descriptors that are still needed, that by which it reports failures first; their
   *     registers hold other numbers afterwards
   * @param listener what is done when a filter with a listener is in force
   */
  void become(
      Steps steps,
      @Nullable BundleTerminal terminal,
      List<Register> kept,
      BiConsumer<Steps, Register> listener) {
    if (terminal != null) {
      terminal.take(steps);
      terminal.give(steps, process.uid());
    }
    steps.because("the start");
    ShedSteps.keep(steps, kept, STREAMS + preserved);
    steps.add(
        new Step.ReportTo(
            LaunchPlanner.note(steps, "reporting failures"), Operand.result(kept.getFirst())));
    if (!process.noNewPrivileges()) {
      filter(steps, listener);
    }
    credentials.drop(steps);
    credentials.directory(steps);
    steps.because("process");
    steps.call(
        "creating files with its modes",
        Sys.UMASK,
        Operand.number(process.umask(), Notation.OCTAL));
    ExecSteps.check(steps, process.arguments(), process.environment());
    CommandSteps.letSignalsIn(steps);
    if (process.noNewPrivileges()) {
      filter(steps, listener);
    }
  }

  private void filter(Steps steps, BiConsumer<Steps, Register> listener) {
    var answer = steps.registers().number("filter");
    credentials.filter(steps, answer);
    if (process.filter().flatMap(filter -> filter.listener()).isPresent()) {
      listener.accept(steps, answer);
    }
  }

  /** The steps after this one tell why that failed. */
  void execute(Steps steps) {
    steps.because("process.args");
    ExecSteps.execute(steps, process.arguments(), process.environment());
  }
}
