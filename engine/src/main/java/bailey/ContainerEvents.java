package bailey;

import bailey.core.error.ContainerException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens to the containers of a hierarchy, from when this was made: each container is looked
 * at again and again, and what differs is told. What comes and goes between two looks is told if it
 * is counted. One thread at a time takes events; any thread may close it.
 */
public final class ContainerEvents implements AutoCloseable {
  private final ContainerSystem system;
  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Queue<ContainerEvent> ready = new ArrayDeque<>();
  private Map<String, Look> before;

  private record Look(String state, Map<String, Long> counts) {}

  ContainerEvents(ContainerSystem system, Duration interval) {
    this.system = system;
    this.interval = interval;
    this.before = look();
  }

  /**
   * The next event; waits for it.
   *
   * @return empty when this was closed
   * @throws InterruptedException if this thread is interrupted
   */
  public Optional<ContainerEvent> next() throws InterruptedException {
    while (ready.isEmpty()) {
      if (closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
      compare();
    }
    return Optional.of(ready.remove());
  }

  private Map<String, Look> look() {
    var found = new TreeMap<String, Look>();
    for (var container : system.containers()) {
      try {
        var state = container.state().name().toLowerCase(Locale.ROOT);
        found.put(container.name(), new Look(state, container.events()));
      } catch (ContainerException _) {
        // it goes at this moment
      }
    }
    return found;
  }

  private void compare() {
    var now = look();
    var seen = Instant.now();
    var gone = new HashMap<>(before);
    now.forEach(
        (name, look) -> {
          var old = gone.remove(name);
          if (old == null) {
            ready.add(new ContainerEvent(seen, name, "created", 1));
          }
          if (old == null || !old.state().equals(look.state())) {
            ready.add(new ContainerEvent(seen, name, look.state(), 1));
          }
          look.counts()
              .forEach(
                  (what, count) -> {
                    long was = old == null ? 0 : old.counts().getOrDefault(what, 0L);
                    if (count != was) {
                      ready.add(new ContainerEvent(seen, name, what, count));
                    }
                  });
        });
    new TreeMap<>(gone)
        .keySet()
        .forEach(name -> ready.add(new ContainerEvent(seen, name, "removed", 1)));
    before = now;
  }

  /** Ends it: whoever waits for an event is told so. */
  @Override
  public void close() {
    closed.countDown();
  }
}
