package bailey.testkit.machine;

import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A resident executor: one process, a thread for each plan. Started anew after it was killed. */
final class FakeExecutor implements PlanExecutor {
  private final FakeKernel kernel;
  private final List<Running> running = new ArrayList<>();
  private @Nullable FakeProcess process;

  FakeExecutor(FakeKernel kernel) {
    this.kernel = kernel;
  }

  /** A plan in execution, and what it has told. */
  static final class Running implements Execution {
    private final Plan plan;
    private final CompletableFuture<Start> start = new CompletableFuture<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private PlanRecord record = new PlanRecord(Map.of(), Map.of());
    private @Nullable Failure failure;

    Running(Plan plan) {
      this.plan = plan;
    }

    Plan plan() {
      return plan;
    }

    @Override
    public CompletableFuture<Start> start() {
      return start;
    }

    @Override
    public CompletableFuture<End> end() {
      return end;
    }

    void started(long pid) {
      start.complete(new Start(pid, null));
    }

    void failed(Failure refused) {
      if (failure == null) {
        failure = refused;
        start.complete(new Start(0, refused));
      }
    }

    void recorded(PlanRecord collected) {
      record = collected;
    }

    void done(int status) {
      start.complete(new Start(0, failure));
      end.complete(new End(status, record, failure));
    }

    void lost() {
      var lost = new ExecutorLost(plan.title() + ": the executor was killed");
      start.completeExceptionally(lost);
      end.completeExceptionally(lost);
    }
  }

  @Override
  public Execution execute(Plan plan, List<Integer> descriptors) {
    synchronized (kernel) {
      var executor = process();
      var registers = new HashMap<Integer, Long>();
      for (int i = 0; i < descriptors.size(); i++) {
        long number = executor.open(kernel.far(descriptors.get(i)).share());
        registers.put(plan.descriptors().get(i).number(), number);
      }
      var execution = new Running(plan);
      running.add(execution);
      var interpreter = new Interpreter(kernel, executor, execution, new Memory(), registers);
      Thread.ofVirtual().name(plan.title()).start(() -> run(executor, execution, interpreter));
      return execution;
    }
  }

  private void run(FakeProcess executor, Running execution, Interpreter interpreter) {
    try {
      interpreter.runMain();
    } catch (InterruptedException e) {
      synchronized (kernel) {
        executor.end(executor.fatal());
        execution.lost();
      }
    } finally {
      synchronized (kernel) {
        running.remove(execution);
        kernel.notifyAll();
      }
    }
  }

  private FakeProcess process() {
    var current = process;
    if (current == null || current.ended() || current.fatal() != 0) {
      current = new FakeProcess(kernel, kernel.self());
      process = current;
    }
    return current;
  }

  /** Kills it, in the middle of whatever it does. */
  void kill() {
    var current = process;
    if (current != null) {
      current.signal(9);
      current.end(9);
      process = null;
    }
  }

  /** Until no plan is in execution, whose end would still change files. */
  void awaitEnd() {
    synchronized (kernel) {
      while (!running.isEmpty()) {
        try {
          kernel.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  @Nullable FakeProcess current() {
    return process;
  }

  @Override
  public void close() {
    synchronized (kernel) {
      kill();
    }
  }
}
