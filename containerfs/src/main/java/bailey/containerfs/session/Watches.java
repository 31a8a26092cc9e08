package bailey.containerfs.session;

import bailey.containerfs.tree.FileRefused;
import bailey.containerfs.tree.Folder;
import bailey.containerfs.tree.Leaf;
import bailey.containerfs.tree.Node;
import bailey.containerfs.tree.Tree;
import bailey.core.error.ContainerException;
import bailey.core.kernel.FileWatching;
import bailey.core.kernel.FileWatching.Change;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who watch files by inotify(7). The kernel does not say who does, but whoever begins to has
 * walked by a moment before ({@link Names#ATTRIBUTES}). So what was walked by lately is noted as it
 * is then, and the descriptors of all processes are searched for who stayed; what is watched is
 * looked at, as long as it is, and its watchers are told what changed. Else there is no thread and
 * nothing is looked at. Any thread; what it does itself one of its own does.
 */
final class Watches {
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  /** Before the first search: who has walked by is on its way still. */
  private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(100);

  /** Between two searches. */
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** Where a search takes long: it takes one part of so many of the time. */
  private static final int SEARCHES = 30;

  /** But nobody waits longer for the first change that he is told of. */
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(3);

  /** And looking one of so many. */
  private static final int LOOKS = 10;

  /** How long somebody may be on his way; a little more than attributes are believed. */
  private static final long WALK = TimeUnit.MILLISECONDS.toNanos(1000L * Names.ATTRIBUTES + 100);

  /** How long it takes at most until what was done by the kernel's calls is seen here. */
  private static final long DONE = TimeUnit.SECONDS.toNanos(6);

  /** Of so many that were walked by it is noted how they are; who walks by more is searching. */
  private static final int MOST_PASSED = 64;

  private final Tree tree;
  private final FileWatching watching;
  private final LongSupplier clock;
  private final Executor starter;
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicBoolean active = new AtomicBoolean();
  private final Semaphore running = new Semaphore(1);
  private final Map<Long, Passed> passed = new ConcurrentHashMap<>();
  private final Map<Done, Long> done = new ConcurrentHashMap<>();

  /** Of its own thread. */
  private final Map<Long, Look> watched = new HashMap<>();

  /** What is watched and is not there any more, or never was. */
  private final Set<Long> lost = new HashSet<>();

  private long nextSearch;

  /** Until the first search of a server that was not the first. */
  private volatile boolean resumes;

  private record Done(long folder, String name) {}

  /**
   * A node that somebody has walked by, and how it was before: by the last search, of which nobody
   * was found, and first after it.
   */
  private static final class Passed {
    private final Node node;
    private volatile long seen;
    private @Nullable Look before;
    private @Nullable Look since;
    private long taken;

    Passed(Node node, long seen) {
      this.node = node;
      this.seen = seen;
    }

    synchronized void look(long now) {
      if (since == null) {
        since = at(node);
        taken = now;
      }
    }

    synchronized boolean isNoted() {
      return before != null || since != null;
    }

    /** As it was when somebody whom a search has found began to watch, or a little before. */
    synchronized @Nullable Look found() {
      return before == null ? since : before;
    }

    /** A search has begun then that has found nobody. */
    synchronized void notFound(long begun) {
      if (since != null && begun - taken >= 0) {
        before = since;
        since = null;
      }
    }
  }

  /**
   * Of a tree.
   *
   * @param clock nanoseconds
   * @param starter starts what runs until nobody watches
   */
  Watches(Tree tree, FileWatching watching, LongSupplier clock, Executor starter) {
    this.tree = tree;
    this.watching = watching;
    this.clock = clock;
    this.starter = starter;
    this.nextSearch = clock.getAsLong();
  }

  /**
   * The kernel has asked for a node, and has no answer yet: somebody may be about to watch it, and
   * wants to know of what becomes of it from then on.
   */
  void seen(Node node) {
    var one = passed(node);
    if (one != null) {
      one.look(clock.getAsLong());
    }
  }

  /** The kernel knows what was made, whose maker wants it soon. */
  void made(Node node) {
    var _ = passed(node);
  }

  private @Nullable Passed passed(Node node) {
    var folder = node instanceof Leaf leaf ? leaf.folder() : (Folder) node;
    if (!folder.isWatched()) {
      return null;
    }
    long id = node.id();
    long now = clock.getAsLong();
    var one = passed.get(id);
    if (one != null) {
      one.seen = now;
    } else if (passed.size() < MOST_PASSED) {
      one = passed.computeIfAbsent(id, _ -> new Passed(node, now));
    }
    start();
    return one;
  }

  /** A name in a folder is made or removed by calls on the mount, of which the kernel tells. */
  void does(Folder folder, String name) {
    if (active.get()) {
      done.put(new Done(folder.id(), name), clock.getAsLong());
    }
  }

  /** Another served before: who watched then does still, and may have missed something. */
  void goOn() {
    resumes = true;
    start();
  }

  private void start() {
    if (!active.get() && end.getCount() > 0 && active.compareAndSet(false, true)) {
      starter.execute(this::run);
    }
  }

  private void run() {
    running.acquireUninterruptibly();
    boolean rests = false;
    try {
      nextSearch += Math.max(0, clock.getAsLong() + DELAY - nextSearch);
      long pause = 0;
      while (!rests && !end.await(pause, TimeUnit.NANOSECONDS)) {
        pause = tick();
        rests = pause < 0;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      if (!rests) {
        watching.rest();
        active.set(false);
      }
      running.release();
    }
  }

  /** Nobody is served any more: waits until nobody is told of anything. */
  void end() {
    end.countDown();
    running.acquireUninterruptibly();
    running.release();
  }

  /**
   * Looks at what is watched.
   *
   * @return nanoseconds until it is to be done again; negative where nobody watches
   */
  long tick() {
    long now = clock.getAsLong();
    passed.values().stream().filter(one -> !one.isNoted()).forEach(one -> one.look(now));
    if (now - nextSearch >= 0) {
      search(now);
    }
    long looked = clock.getAsLong();
    look();
    done.values().removeIf(since -> now - since > DONE);
    return watched.isEmpty() && passed.isEmpty() && !resumes && rests()
        ? -1
        : Math.max(INTERVAL, LOOKS * (clock.getAsLong() - looked));
  }

  /** Not where somebody comes by at this moment. */
  private boolean rests() {
    watching.rest();
    done.clear();
    active.set(false);
    return passed.isEmpty() || !active.compareAndSet(false, true);
  }

  private static @Nullable Look at(Node node) {
    try {
      return Look.at(node);
    } catch (FileRefused | ContainerException _) {
      return null; // it is gone, or cannot be read
    }
  }

  private void search(long now) {
    var found = watching.watched();
    nextSearch = now + Math.clamp(SEARCHES * (clock.getAsLong() - now), PAUSE, LONGEST_PAUSE);
    watched.keySet().retainAll(found);
    lost.retainAll(found);
    for (long id : found) {
      if (!watched.containsKey(id)) {
        watch(id);
      }
    }
    resumes = false;
    passed.values().removeIf(one -> now - one.seen > WALK);
    passed.values().forEach(one -> one.notFound(now));
  }

  /** Somebody was found. */
  private void watch(long id) {
    var look = before(id);
    if (look == null && !lost.contains(id)) {
      look = now(id);
    }
    if (look != null && resumes) {
      look.forget();
    }
    if (look == null) {
      lost.add(id);
    } else {
      lost.remove(id);
      watched.put(id, look);
    }
  }

  /** As it was noted, or as a file was in its folder, with which the kernel is told of files. */
  private @Nullable Look before(long id) {
    var one = passed.get(id);
    if (one != null) {
      return one.found();
    }
    return passed.values().stream()
        .map(other -> other.found() instanceof Look.OfFolder folder ? folder.file(id) : null)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private @Nullable Look now(long id) {
    try {
      return at(tree.node(id));
    } catch (FileRefused _) {
      return null; // it is of what is gone
    }
  }

  private void look() {
    var changes = new LinkedHashSet<Change>();
    var looker =
        new Look.Looker() {
          @Override
          public void tell(Change change) {
            changes.add(change);
          }

          @Override
          public boolean isTold(Folder folder, String name) {
            return done.remove(new Done(folder.id(), name)) != null;
          }
        };
    watched.entrySet().removeIf(one -> !isThere(one.getValue(), looker) && lost.add(one.getKey()));
    changes.forEach(watching::tell);
  }

  private static boolean isThere(Look look, Look.Looker looker) {
    try {
      return look.again(looker);
    } catch (FileRefused | ContainerException _) {
      return true; // the next look tells
    }
  }
}
