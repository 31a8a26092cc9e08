package bailey.containerfs.procview;

import bailey.Container;
import bailey.ResourceTexts;
import bailey.ResourceTexts.Threads;
import bailey.containerfs.view.CpuShare;
import bailey.containerfs.view.CpuTimes;
import bailey.containerfs.view.Meminfo;
import bailey.containerfs.view.Stat;
import bailey.containerfs.view.Swaps;
import bailey.containerfs.view.Uptime;
import bailey.core.error.NoSuchContainer;
import bailey.core.kernel.CgroupFiles;
import bailey.core.kernel.ProcFile;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one container is shown of itself. Any thread. */
public final class ContainerView {
  private static final long TICK = 10_000_000;

  /** How long is believed which process is its first, and which CPUs it has. */
  private static final long BELIEVED = 1_000_000_000;

  /** How long a count of threads is good, at least; and how many times of what it took. */
  private static final long COUNT_GOOD = 200_000_000;

  private static final int COUNT_COST = 20;

  private final Supplier<Optional<Container>> container;
  private final BootClock clock;
  private CpuTimes times = new CpuTimes();
  private LoadSampling sampling = new LoadSampling();
  private @Nullable Known known;
  private @Nullable Count count;
  private @Nullable Idle idle;

  private record Known(Figures figures, CpuShare share, long started, long until) {}

  /** Time that its CPUs had nothing to do, which is looked at once in a tick of the clock. */
  private record Idle(long nanos, long started, long until) {}

  private record Count(Threads threads, long until) {}

  ContainerView(Supplier<Optional<Container>> container, BootClock clock) {
    this.container = container;
    this.clock = clock;
  }

  private synchronized Known known(long now) {
    var last = known;
    if (last == null || now > last.until()) {
      var texts =
          container
              .get()
              .orElseThrow(() -> new NoSuchContainer("what this was about is gone"))
              .resources();
      var figures = new Figures(texts);
      long started = texts.startTicks().isPresent() ? texts.startTicks().getAsLong() * TICK : now;
      if (last != null && last.started() != started) { // another of the same name
        times = new CpuTimes();
        sampling = new LoadSampling();
        count = null;
      }
      last = new Known(figures, figures.share(), started, now + BELIEVED);
      known = last;
    }
    return last;
  }

  /**
   * The text of a file.
   *
   * @return empty where the machine has no such file
   * @throws NoSuchContainer if the container is gone
   */
  public Optional<String> read(ProcFile file) {
    long now = clock.now();
    var seen = known(now);
    var figures = seen.figures();
    var texts = figures.texts();
    return switch (file) {
      case UPTIME -> Optional.of(uptime(seen, now));
      case MEMINFO -> texts.machine(file).map(text -> Meminfo.render(text, figures.memory()));
      case SWAPS ->
          texts
              .machine(ProcFile.MEMINFO)
              .map(text -> Swaps.render(Meminfo.swap(text, figures.memory())));
      case CPUINFO -> texts.machine(file).map(seen.share()::cpuinfo);
      case CPU_ONLINE -> Optional.of(seen.share().online());
      case STAT -> texts.machine(file).map(text -> stat(text, seen, now));
      case LOADAVG -> Optional.of(loadAverage(seen, now));
      case DISKSTATS ->
          texts
              .machine(file)
              .map(text -> figures.disks().map(disks -> disks.render(text)).orElse(""));
      case PRESSURE_CPU -> pressure(texts, "cpu.pressure", file);
      case PRESSURE_IO -> pressure(texts, "io.pressure", file);
      case PRESSURE_MEMORY -> pressure(texts, "memory.pressure", file);
    };
  }

  private static Optional<String> pressure(ResourceTexts texts, String name, ProcFile file) {
    var own =
        texts.levels() == 0 ? Optional.<String>empty() : texts.group(0, CgroupFiles.CORE, name);
    return own.or(() -> texts.machine(file));
  }

  private synchronized String uptime(Known seen, long now) {
    long up = Math.max(0, now - seen.started());
    var last = idle;
    if (last == null || now > last.until() || last.started() != seen.started()) {
      long nanos = Math.max(0, seen.share().count() * up - seen.figures().used());
      last = new Idle(nanos, seen.started(), now + TICK);
      idle = last;
    }
    return Uptime.render(up, last.nanos());
  }

  private synchronized String stat(String machine, Known seen, long now) {
    var lines = times.look(now - seen.started(), seen.share(), seen.figures().cpu());
    var threads = threads(seen.figures().texts(), now);
    return Stat.render(machine, lines, threads.running() + 1, threads.waiting());
  }

  /** Who reads runs, as the kernel counts it; here it waits for the answer. */
  private synchronized String loadAverage(Known seen, long now) {
    look(seen, now);
    var threads = threads(seen.figures().texts(), now);
    return sampling.load().render(threads.running() + 1, threads.all(), threads.newest());
  }

  private Threads threads(ResourceTexts texts, long now) {
    var last = count;
    if (last == null || now > last.until()) {
      var threads = texts.threads();
      long took = clock.now() - now;
      last = new Count(threads, now + COUNT_GOOD + COUNT_COST * took);
      count = last;
    }
    return last.threads();
  }

  private void look(Known seen, long now) {
    var figures = seen.figures();
    sampling.look(
        new LoadSampling.Progress(
            now - seen.started(), figures.used(), figures.waited(), seen.share().count()),
        () -> threads(figures.texts(), now));
  }

  /** For the load averages, every five seconds. */
  synchronized void look() {
    long now = clock.now();
    look(known(now), now);
  }
}
