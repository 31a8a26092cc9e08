package bailey.bench;

import bailey.core.kernel.CgroupFiles;
import bailey.testkit.cgroup.FakeCgroups;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the fake kernel adds to the model: numbers of tasks, paths and texts of files. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 15, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 25, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Xms2g",
      "-Xmx2g",
      "-Xmn64m",
      "-XX:+UseSerialGC",
      "-XX:+UseTransparentHugePages"
    })
@SuppressWarnings("NullAway.Init") // JMH calls prepare()
public class FakeKernelBenchmark {
  private static final int MOST_TASKS = 64;

  /** Depth of the groups, about how many there are, and how many tasks take turns. */
  @Param({"1:1000:64", "10:1000:64", "100:1000:10", "1:1000000:64"})
  public String forest;

  private FakeCgroups groups;
  private int[] tasks;
  private String[] numbers;
  private String[] homes;
  private String[] others;
  private boolean[] away;
  private int turn;

  /** For JMH. */
  public FakeKernelBenchmark() {}

  /** Makes the groups. */
  @Setup
  public void prepare() {
    var sizes = forest.split(":", -1);
    int depth = Integer.parseInt(sizes[0]);
    int chains = Integer.parseInt(sizes[1]) / depth;
    int count = Math.min(MOST_TASKS, chains);
    groups = FakeCgroups.v2();
    tasks = new int[count];
    numbers = new String[count];
    homes = new String[count];
    others = new String[count];
    away = new boolean[count];
    for (int chain = 0; chain < chains; chain++) {
      var parent = "";
      for (int level = 1; level < depth; level++) {
        parent = make(parent, chain);
      }
      var home = make(parent, chain);
      if (chain < count) {
        homes[chain] = home;
        others[chain] = make(parent, chain + chains);
        tasks[chain] = groups.startTask();
        numbers[chain] = Integer.toString(tasks[chain]);
        attach(home, numbers[chain]);
      }
    }
  }

  private String make(String parent, int number) {
    var path = parent.isEmpty() ? "c" + number : parent + "/c" + number;
    groups.mkdir(CgroupFiles.CORE, path);
    return path;
  }

  private void attach(String path, String task) {
    groups.write(CgroupFiles.CORE, path, "cgroup.procs", task);
  }

  private int next() {
    turn = turn + 1 < tasks.length ? turn + 1 : 0;
    return turn;
  }

  /** A child, counted in all groups above, and its end. */
  @Benchmark
  @OperationsPerInvocation(2)
  public int fork() {
    int child = groups.forkTask(tasks[next()]);
    groups.endTask(child);
    return child;
  }

  /** A task goes to an empty group, and leaves an empty one. */
  @Benchmark
  public void attach() {
    int i = next();
    away[i] = !away[i];
    attach(away[i] ? others[i] : homes[i], numbers[i]);
  }
}
