package bailey.engine.operation;

import bailey.ExitReport;
import bailey.core.abi.WaitStatus;
import bailey.core.error.StateDamaged;
import bailey.core.kernel.PlanExecutor.End;
import bailey.core.kernel.PlanExecutor.ExecutorLost;
import bailey.engine.journal.Intent;
import bailey.engine.operation.StartOperation.Started;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What becomes of a command that was started: its streams are taken leave of, its end is told. */
public final class CommandEnd {
  private final Machine machine;
  private final Started started;
  private final Instant now = Instant.now();

  /** Of a command that runs. */
  public CommandEnd(Machine machine, Started started) {
    this.machine = machine;
    this.started = started;
  }

  /** The end of a first command, and with it of its container. */
  public CompletableFuture<Told> ofContainer() {
    return end(started.intent());
  }

  /** The end of a further command. */
  public CompletableFuture<Told> ofCommand(List<String> command) {
    var i = started.intent();
    return end(
        new Intent(
            i.name(), command, now, i.report(), i.userBase(), i.maker(), i.cgroups(), i.spec()));
  }

  private CompletableFuture<Told> end(Intent intent) {
    return started
        .execution()
        .end()
        .handle(Outcome::new)
        .thenCompose(outcome -> finishHereOrLater(intent, outcome.end(), outcome.lost()));
  }

  /** What the executor told of the end; to read all of it takes longer, and few ask. */
  public record Told(int status, Supplier<ExitReport> reading) {
    /** The report of the end. */
    public ExitReport report() {
      return reading.get();
    }
  }

  /** One of the two is there. */
  private record Outcome(@Nullable End end, @Nullable Throwable lost) {}

  /**
   * This is the thread that reads the executor's events: another one would keep who waits for the
   * end waiting for itself, but what executes plans or looks at many files has to go there.
   */
  private CompletableFuture<Told> finishHereOrLater(
      Intent intent, @Nullable End end, @Nullable Throwable lost) {
    boolean prunes = ReportOperation.isTimeToPrune();
    if (end != null && !prunes) {
      return CompletableFuture.completedFuture(finish(intent, end, lost));
    }
    return CompletableFuture.supplyAsync(
        () -> {
          if (prunes) {
            new ReportOperation(machine).prune();
          }
          return finish(intent, end, lost);
        },
        Machine.LATER);
  }

  private Told finish(Intent intent, @Nullable End end, @Nullable Throwable lost) {
    started.streams().ended();
    if (end == null) {
      throw lost(intent, lost);
    }
    var status = end.record().number("status");
    if (status.isEmpty()) {
      throw new StateDamaged(
          "how "
              + intent.name()
              + " ended is not known: looking after it failed with status "
              + end.status());
    }
    return new Told(
        new WaitStatus((int) status.getAsLong()).shellStatus(),
        () -> new ReportOperation(machine).report(intent, end.record()));
  }

  /** With the executor of a further command its container may be lost, but that is told by that. */
  private RuntimeException lost(Intent intent, @Nullable Throwable lost) {
    var cause = lost instanceof CompletionException wrapped ? wrapped.getCause() : lost;
    if (!(cause instanceof ExecutorLost)) {
      return new IllegalStateException(cause);
    }
    if (intent.equals(started.intent())) {
      new EndOperation(machine).removeLost(intent);
    }
    return new StateDamaged(
        "how "
            + intent.name()
            + " ended is not known: the executor that looked after it is gone, "
            + cause.getMessage(),
        cause);
  }
}
