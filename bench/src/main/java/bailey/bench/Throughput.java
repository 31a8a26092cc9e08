package bailey.bench;

import bailey.ContainerProcess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * How many containers a second one JVM starts and sees end, each with all namespaces, and whether
 * live ones slow that down. Alone and with live ones by turns, because the machine is not the same
 * from minute to minute.
 */
final class Throughput {
  private static final int WORKERS = 4;
  private static final int LIVE = 1000;
  private static final int TURNS = 3;

  private static final int FLOOR_RUNS = 300;

  private final Library library;
  private final Bundle bundle;

  Throughput(Library library, Bundle bundle) {
    this.library = library;
    this.bundle = bundle;
  }

  /**
   * Runs it.
   *
   * @param containers how many are started for each figure
   */
  String text(int containers) {
    double[] alone = new double[TURNS];
    double[] crowded = new double[TURNS];
    double[] floor = new double[TURNS];
    perSecond(containers);
    for (int turn = 0; turn < TURNS; turn++) {
      alone[turn] = perSecond(containers);
      double floorAlone = floorMillis();
      var live = start();
      crowded[turn] = perSecond(containers);
      floor[turn] = floorAlone / floorMillis();
      end(live);
    }
    double ratio = middle(crowded) / middle(alone);
    return "| target | wanted | measured | |\n|---|---:|---:|---|\n"
        + Results.target("containers a second, at least", 400, middle(alone), middle(alone) >= 400)
        + Results.target("with 1,000 live ones, of that", 0.9, ratio, ratio >= 0.9)
        + "| the floor, one after the other, with 1,000 live ones, of that without | | "
        + Results.number(middle(floor))
        + " | |\n"
        + String.format(
            Locale.ROOT,
            "%n%d threads; each figure is the middle of %d turns of %d containers. With 1,000 live"
                + " ones: %.0f a second.%n",
            WORKERS,
            TURNS,
            containers,
            middle(crowded));
  }

  /** The system calls alone, by the middle of some runs: what the kernel takes. */
  private double floorMillis() {
    var command = List.of(bundle.program("floor"), bundle.root().toString());
    var millis = new double[FLOOR_RUNS];
    var floor = Stopwatch.of("floor", bundle, command);
    try {
      for (int i = 0; i < FLOOR_RUNS; i++) {
        millis[i] = floor.run() / 1e6;
      }
    } finally {
      floor.close();
    }
    return middle(millis);
  }

  private static double middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private List<ContainerProcess> start() {
    var live = new ArrayList<ContainerProcess>();
    for (int i = 0; i < LIVE; i++) {
      live.add(library.live());
    }
    return live;
  }

  private static void end(List<ContainerProcess> live) {
    live.forEach(ContainerProcess::destroyForcibly);
    live.forEach(process -> process.onExit().join());
  }

  private double perSecond(int containers) {
    var left = new AtomicInteger(containers);
    var threads = new ArrayList<Thread>();
    var failure = new AtomicReference<Throwable>();
    long from = System.nanoTime();
    for (int i = 0; i < WORKERS; i++) {
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, e) -> failure.set(e))
              .start(
                  () -> {
                    while (left.getAndDecrement() > 0) {
                      library.run(UnaryOperator.identity());
                    }
                  }));
    }
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    return containers / ((System.nanoTime() - from) / 1e9);
  }
}
