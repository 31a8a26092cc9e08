package bailey.engine.operation;

import bailey.ExitReport;
import bailey.core.container.ContainerPath;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.plan.PlanRecord;
import bailey.core.state.ContainerState;
import bailey.engine.journal.Intent;
import bailey.engine.journal.Reports;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Tells how containers ended. */
public final class ReportOperation {
  private static final int PRUNE_ONE_IN = 32;

  private final Machine machine;

  /** On a machine. */
  public ReportOperation(Machine machine) {
    this.machine = machine;
  }

  /**
   * How the container of that name ended, of several the last one.
   *
   * @throws ContainerBusy if it has not ended
   * @throws NoSuchContainer if nothing is known of it
   */
  public ExitReport report(ContainerPath name) {
    var recorded = machine.journal().read(name);
    var file = machine.reports().latest(name);
    if (recorded.state() == ContainerState.ABANDONED) {
      throw EndOperation.unrecorded(name);
    }
    boolean there =
        recorded.state() != ContainerState.GONE && recorded.state() != ContainerState.ENDED;
    if (there) {
      throw new ContainerBusy(
          "there is no report of " + name + ": it has not ended; bailey wait " + name + " waits");
    }
    return file.flatMap(this::report)
        .orElseThrow(
            () ->
                new NoSuchContainer(
                    "there is no report of "
                        + name
                        + ": the ends of the last "
                        + Reports.KEPT
                        + " containers are kept, and it is not among them"));
  }

  private Optional<ExitReport> report(String file) {
    return machine
        .reports()
        .read(file)
        .map(record -> new ReportReading(machine.features(), record).report(file));
  }

  /** How the container with that intent ended; empty if that is not recorded. */
  public Optional<ExitReport> report(Intent intent) {
    return machine.reports().read(intent.report()).map(record -> report(intent, record));
  }

  /** How the container with that intent ended, by the record of its plan. */
  public ExitReport report(Intent intent, PlanRecord record) {
    return new ReportReading(machine.features(), record)
        .report(
            new Intent.Beginning(
                intent.name(), intent.created(), intent.command(), intent.command().size()));
  }

  /**
   * Whether one has to be the one who looks for old reports, which is a tenth of a start's work.
   */
  static boolean isTimeToPrune() {
    return ThreadLocalRandom.current().nextInt(PRUNE_ONE_IN) == 0;
  }

  /** Removes the oldest reports beyond those that are to be kept. */
  public void prune() {
    machine.reports().prune(name -> machine.journal().read(name).state() != ContainerState.GONE);
  }
}
