package bailey.kernel.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.function.Supplier;

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

  /** What is done after each crash, which says where that was. */
  @FunctionalInterface
  public interface Recovery {
    /** Puts right what is left, and sees to it that all is. */
    void after(String at) throws Exception;
  }

  /**
   * Kills at a plan's beginning and after each step where that is possible.
   *
   * @param every only after every so manieth
   * @param plans the plan, anew for each crash
   * @param part of the places at least one in so many must be reached
   */
  public void everywhere(int every, int part, Supplier<Plan> plans, Recovery recovery)
      throws Exception {
    int tried = 0;
    int places = 1;
    for (int place = 0; place < places; place += every) {
      var plan = plans.get();
      var steps = plan.flattened();
      places = steps.size() + 1;
      String at = "killed at the beginning";
      boolean possible = true;
      if (place > 0) {
        possible = FaultPoint.isPlace(steps.get(place - 1));
        at = "killed after step " + place + ", " + steps.get(place - 1).note().what();
      }
      if (possible && killAt(plan, place)) {
        tried++;
      }
      recovery.after(at);
    }
    assertThat(tried).as("places of %s", places).isGreaterThan(places / part / every);
  }

  /**
   * Executes a plan up to a place in it.
   *
   * @return whether the place was reached: the steps for failures are not
   */
  private boolean killAt(Plan plan, int place) throws Exception {
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
