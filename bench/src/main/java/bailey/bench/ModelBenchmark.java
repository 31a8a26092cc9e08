package bailey.bench;

import bailey.core.container.Hierarchy.Emptied;
import bailey.core.container.State;
import bailey.core.container.Task;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the model of tasks and containers takes for what a kernel does millions of times. New
 * objects get little room, and memory comes in huge pages, or what is measured is how the machine
 * finds memory: in a virtual one that costs more than all that is done with it.
 */
@org.openjdk.jmh.annotations.State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 15, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 25, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Xms3g",
      "-Xmx3g",
      "-Xmn64m",
      "-XX:+UseSerialGC",
      "-XX:+UseTransparentHugePages"
    })
@SuppressWarnings("NullAway.Init") // JMH calls prepare()
public class ModelBenchmark {
  /** Bytes of a charge: a page. */
  private static final long PAGE = 4096;

  /** Depth of the containers, their number, and the number of tasks that take turns. */
  @Param({
    "1:1:1",
    "1:1000:64",
    "10:1000:64",
    "100:1000:10",
    "1:1000000:64",
    "10:1000000:64",
    "100:1000000:10",
    "1:1000000:1000000"
  })
  public String forest;

  private Forest model;
  private Task[] tasks;
  private boolean[] away;
  private int turn;

  /** For JMH. */
  public ModelBenchmark() {}

  /** Makes the containers. */
  @Setup
  public void prepare() {
    var numbers = forest.split(":", -1);
    model =
        new Forest(
            Integer.parseInt(numbers[0]),
            Integer.parseInt(numbers[1]),
            Integer.parseInt(numbers[2]));
    tasks = model.tasks.toArray(Task[]::new);
    away = new boolean[tasks.length];
  }

  private int next() {
    turn = turn + 1 < tasks.length ? turn + 1 : 0;
    return turn;
  }

  /** From a task to its state. */
  @Benchmark
  public State access() {
    return tasks[next()].state(model.memory);
  }

  /** A page charged in all containers above and given back. */
  @Benchmark
  @OperationsPerInvocation(2)
  public long charge() {
    var counter = Objects.requireNonNull(tasks[next()].charge(model.memory, PAGE));
    counter.uncharge(PAGE);
    return PAGE;
  }

  /** A child, counted in all containers above, and its end. */
  @Benchmark
  @OperationsPerInvocation(2)
  public List<Emptied> fork() {
    var child = Objects.requireNonNull(model.machine.fork(tasks[next()], 7));
    return model.machine.exit(child);
  }

  /** A task goes to an empty container, and leaves an empty one. */
  @Benchmark
  public List<Emptied> attach() {
    int i = next();
    away[i] = !away[i];
    return model.machine.attach(tasks[i], away[i] ? model.others.get(i) : model.homes.get(i));
  }
}
