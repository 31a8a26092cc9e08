package bailey.kernel.engine;

import bailey.core.kernel.Pipe;
import bailey.core.kernel.Pipe.Direction;
import bailey.core.kernel.TaskInfo;
import bailey.core.plan.Plan;
import bailey.linux.LinuxKernel;
import bailey.linux.exec.ExecutorConnection;
import bailey.testkit.FaultPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Kills who executes a plan in the middle of it, and what it started with it. */
public final class Crash {
  /** What is sent with a plan besides these is an empty mount namespace. */
  private static final int STREAMS = 3;

  private final LinuxKernel kernel;
  private final boolean leaves;

  /**
   * By the executor of a kernel.
   *
   * @param leaves whether the plan leaves processes to themselves, which stay then
   */
  public Crash(LinuxKernel kernel, boolean leaves) {
    this.kernel = kernel;
    this.leaves = leaves;
  }

  /**
   * Executes a plan up to a place in it.
   *
   * @return whether the place was reached: the steps for failures are not
   */
  public boolean killAt(Plan plan, int place) throws Exception {
    var pipes = new ArrayList<Pipe>();
    var sent = new ArrayList<Integer>();
    for (int i = 0; i < plan.descriptors().size(); i++) {
      if (i == STREAMS) {
        sent.add(kernel.emptyMounts().orElseThrow());
      } else {
        pipes.add(kernel.pipe(i == 0 ? Direction.TO_PROGRAM : Direction.FROM_PROGRAM));
        sent.add(pipes.getLast().far());
      }
    }
    var told = kernel.pipe(Direction.FROM_PROGRAM);
    var hold = kernel.pipe(Direction.TO_PROGRAM);
    for (var pipe : List.of(told, hold)) {
      pipes.add(pipe);
      sent.add(pipe.far());
    }
    try {
      var execution = kernel.executor().execute(FaultPoint.cut(plan, place), sent);
      pipes.forEach(Pipe::releaseFar);
      var executor = task(((ExecutorConnection) kernel.executor()).pid()).orElseThrow();
      if (!plan.descriptors().isEmpty()) {
        pipes.getFirst().close(); // the command reads its end
      }
      var reached = CompletableFuture.supplyAsync(() -> tells(told), Engine.THREADS);
      var finished =
          execution
              .end()
              .handle((_, _) -> false)
              .thenApplyAsync(
                  no -> leaves ? no : await(descendants(executor)) && no, Engine.THREADS);
      boolean here = (boolean) CompletableFuture.anyOf(reached, finished).join();
      var victims = leaves ? List.<TaskInfo>of() : descendants(executor);
      // a supervisor, where there is one, is the executor of the plan from its start on
      if (plan.descriptors().isEmpty() && !victims.isEmpty()) {
        victims.stream().filter(v -> v.parent() == executor.pid()).forEach(Engine::kill);
      } else {
        Engine.kill(executor);
      }
      hold.close();
      Engine.kill(executor);
      await(victims);
      await(List.of(executor));
      return here;
    } finally {
      pipes.forEach(Pipe::close);
    }
  }

  private static boolean tells(Pipe told) {
    try {
      return told.read(new byte[1], 0, 1) == 1;
    } catch (Pipe.Broken e) {
      return false;
    }
  }

  private Optional<TaskInfo> task(long pid) {
    return kernel.processes().find(pid);
  }

  private List<TaskInfo> descendants(TaskInfo of) {
    return ProcessHandle.of(of.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .map(process -> task(process.pid()))
        .flatMap(Optional::stream)
        .toList();
  }

  private boolean await(List<TaskInfo> tasks) {
    try {
      for (var task : tasks) {
        kernel.processes().awaitEnd(task.pid(), task.startTicks());
      }
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
