package bailey.containerfs.procview;

import bailey.Container;
import bailey.core.error.ContainerException;
import bailey.core.error.NoSuchContainer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The views of all containers that have one. Any thread. Its thread ends when it is closed. */
public final class ProcViews implements AutoCloseable {
  /** Others, of containers that there may not be, are forgotten at once. */
  private static final int MOST = 20_000;

  private final BootClock clock;
  private final AtomicBoolean started = new AtomicBoolean();
  private final Map<Long, ContainerView> views = new ConcurrentHashMap<>();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("load averages").unstarted(task));

  /**
   * None yet.
   *
   * @param nanos {@link System#nanoTime}
   * @param uptime the machine's /proc/uptime
   */
  public ProcViews(LongSupplier nanos, Supplier<String> uptime) {
    this.clock = new BootClock(nanos, uptime);
  }

  private void look() {
    views.forEach(
        (key, view) -> {
          try {
            view.look();
          } catch (NoSuchContainer _) {
            views.remove(key, view); // one of the same name starts anew
          } catch (ContainerException _) {
            // its record cannot be read at this moment
          }
        });
  }

  /**
   * That of a container.
   *
   * @param key the same for the same container
   * @param container finds it
   */
  public ContainerView of(long key, Supplier<Optional<Container>> container) {
    if (started.compareAndSet(false, true)) {
      var _ =
          looking.scheduleAtFixedRate(
              this::look, LoadSampling.INTERVAL, LoadSampling.INTERVAL, TimeUnit.NANOSECONDS);
    }
    return views.size() >= MOST
        ? views.getOrDefault(key, new ContainerView(container, clock))
        : views.computeIfAbsent(key, _ -> new ContainerView(container, clock));
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
