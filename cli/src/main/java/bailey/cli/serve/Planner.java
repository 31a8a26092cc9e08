package bailey.cli.serve;

import bailey.ContainerSystem;
import bailey.cli.command.Service;
import bailey.core.error.ContainerBusy;
import bailey.core.error.ContainerException;
import bailey.core.kernel.CallSocket;
import bailey.core.kernel.CallSocket.Visitor;
import bailey.core.kernel.Caller;
import bailey.core.kernel.Callers;
import bailey.core.kernel.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that stays to answer calls. Threads wait for callers in the kernel and answer those
 * themselves; there is always another one waiting, and who comes when there is too much to do is
 * asked to come again. With nothing to do no thread wakes until the time to end has come.
 */
public final class Planner {
  /** Calls at a time, most of which wait for something. */
  private static final int MOST = 1000;

  /** Threads that wait when there is nothing to do. */
  private static final int WAITING = 2;

  /** How long nobody calls until it lets go of what it does not need meanwhile. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** When others are let in where the first call takes longer. */
  private static final long FIRST_MILLIS = 300;

  /** The descriptor of the first socket that a service manager hands over (sd_listen_fds(3)). */
  private static final int HANDED_OVER = 3;

  private final Callers callers;
  private final Answer answer;
  private final String build = Build.of(Path.of(System.getProperty("bailey.lib", "/nonexistent")));
  private final Instant since = Instant.now();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicInteger current = new AtomicInteger();
  private final Turns turns =
      new Turns(2 * Runtime.getRuntime().availableProcessors(), System::nanoTime);
  private final AtomicInteger waiting = new AtomicInteger();
  private final Resident service = new Resident();
  private volatile long lastUse = System.nanoTime();
  private volatile Duration idle = Duration.ofMinutes(5);
  private volatile String folder = "";
  private volatile boolean stopped;
  private volatile boolean resting;
  private volatile @Nullable CallSocket socket;

  /** Rung when the thread that waits for the end has to look again. */
  private final Object bell = new Object();

  /** How a call is answered. */
  @FunctionalInterface
  public interface Answer {
    /**
     * Does what was asked, and tells the caller.
     *
     * @return the exit status
     */
    int answer(Callers callers, Caller caller, Service service);
  }

  /** Not listening yet. */
  public Planner(Callers callers, Answer answer) {
    this.callers = callers;
    this.answer = answer;
  }

  // ---- its life ----

  /**
   * Answers the executor that has started this JVM, then those that come; ends when none has come
   * for a while. Where another planner listens already it answers the first alone.
   *
   * @return the exit status of the JVM
   */
  public int stay() {
    var answered = new CountDownLatch(1);
    current.incrementAndGet();
    try (var caller = callers.starter()) {
      var origin = caller.call().origin();
      current.incrementAndGet(); // it does not end before what it has answered is kept
      Thread.ofPlatform().daemon().name("bailey opening").start(() -> openAfter(answered, origin));
      calls.incrementAndGet();
      var _ = answer.answer(callers, caller, service);
    } finally {
      leave();
    }
    answered.countDown();
    untilOver();
    return 0;
  }

  /** First the caller that waits, then the others: what lets these in takes time to be loaded. */
  private void openAfter(CountDownLatch answered, Origin origin) {
    try {
      prepare(answered, origin);
      if (!idle.isZero() && callers.leaveContainers()) {
        callers.listen(folder, build).ifPresentOrElse(this::open, this::stop);
        return;
      }
    } catch (ContainerException | InterruptedException _) {
      // this is not the place to say it: who calls bailey serve is told
    }
    callers.decline(folder);
    stop();
  }

  private void prepare(CountDownLatch answered, Origin origin) throws InterruptedException {
    try {
      boolean soon = answered.await(FIRST_MILLIS, TimeUnit.MILLISECONDS);
      assert soon || current.get() > 0;
      folder = folder(origin);
      callers.keepPlans(folder, build);
    } finally {
      leave();
    }
  }

  /** Of a state directory that is there, and is safe. */
  private String folder(Origin origin) {
    return ContainerSystem.prepareStateDirectory(origin, callers.uid()) + "/serve";
  }

  private void open(CallSocket opened) {
    socket = opened;
    if (stopped) {
      opened.close();
    }
    for (int i = 0; i < WAITING; i++) {
      startWaiting();
    }
  }

  private void stop() {
    stopped = true;
    ring();
  }

  private void ring() {
    synchronized (bell) {
      bell.notifyAll();
    }
  }

  private boolean isLeaving() {
    var opened = socket;
    return stopped || (opened != null && opened.isClosed());
  }

  /** Sleeps until there was nothing to do for long enough, or it is to end and all is done. */
  private void untilOver() {
    await(() -> isLeaving() || (current.get() == 0 && left() <= 0));
    stopped = true;
    var opened = socket;
    if (opened != null) {
      opened.close();
    }
    await(() -> current.get() == 0);
  }

  private interface Condition {
    boolean holds();
  }

  private void await(Condition condition) {
    synchronized (bell) {
      while (!condition.holds()) {
        try {
          TimeUnit.NANOSECONDS.timedWait(bell, Math.max(untilNext(), 1_000_000));
        } catch (InterruptedException _) {
          return; // nobody does
        }
      }
    }
  }

  /** Until there is something to do for who waits for the end. Rests when it is time for that. */
  private long untilNext() {
    long rest = REST_NANOS - (System.nanoTime() - lastUse);
    if (!resting && rest <= 0 && current.get() == 0) {
      resting = true;
      callers.rest();
    }
    return resting ? left() : Math.min(left(), Math.max(rest, REST_NANOS / 2));
  }

  /** Until it has been idle for long enough; while it is not, a whole such time. */
  private long left() {
    return current.get() > 0
        ? Math.max(idle.toNanos(), TimeUnit.SECONDS.toNanos(1))
        : idle.toNanos() - (System.nanoTime() - lastUse);
  }

  private void leave() {
    lastUse = System.nanoTime();
    boolean last = current.decrementAndGet() == 0;
    if (resting || (last && isLeaving())) {
      resting = false; // the next rest is after this call
      ring();
    }
  }

  // ---- callers ----

  private void startWaiting() {
    waiting.incrementAndGet();
    Thread.ofPlatform().daemon().name("bailey answering").start(this::answerAll);
  }

  private void answerAll() {
    var opened = socket;
    while (opened != null) {
      var visitor = opened.accept();
      if (visitor.isEmpty()) {
        waiting.decrementAndGet();
        stop(); // it was closed; or the kernel refuses, and who comes next starts another
        return;
      }
      int others = waiting.decrementAndGet();
      int all = current.incrementAndGet();
      try {
        if (others == 0) {
          startWaiting();
        }
        visit(visitor.get(), all);
      } finally {
        leave();
      }
      if (waiting.incrementAndGet() > WAITING) {
        waiting.decrementAndGet();
        return;
      }
    }
  }

  private void visit(Visitor visitor, int all) {
    if (all > MOST) {
      visitor.putOff();
      return;
    }
    var admitted = visitor.admit();
    if (admitted.isEmpty()) {
      return;
    }
    try (var caller = admitted.get()) {
      turns.begin();
      calls.incrementAndGet();
      var _ = answer.answer(callers, caller, service);
    } catch (InterruptedException _) {
      return; // nobody waits for the answer any more
    } finally {
      turns.end(Thread.currentThread());
    }
    boolean late = Thread.interrupted(); // the caller had gone when it did not matter any more
    assert late || !Thread.currentThread().isInterrupted();
  }

  private final class Resident implements Service {
    @Override
    public Optional<Status> status() {
      return Optional.of(
          new Status(
              ProcessHandle.current().pid(),
              folder,
              build,
              since,
              calls.get(),
              current.get(),
              idle));
    }

    @Override
    public void idle(Duration time) {
      if (!time.equals(idle)) {
        idle = time;
        ring();
      }
    }

    @Override
    public void stop() {
      Planner.this.stop();
    }

    @Override
    public void needOwnProcess() {
      throw new Elsewhere();
    }

    @Override
    public int serve() {
      throw listening(folder, "planner " + ProcessHandle.current().pid());
    }
  }

  private static ContainerBusy listening(String folder, String who) {
    return new ContainerBusy(
        "serve: " + who + " listens in " + folder + " already; end it by bailey serve --stop");
  }

  // ---- in the foreground ----

  /**
   * What a process is that nobody has asked yet.
   *
   * @param origin where its state directory is told
   */
  public Service foreground(Origin origin) {
    return new Foreground(origin);
  }

  private final class Foreground implements Service {
    private final Origin origin;

    Foreground(Origin origin) {
      this.origin = origin;
    }

    @Override
    public Optional<Status> status() {
      return Optional.empty();
    }

    @Override
    public void idle(Duration time) {
      idle = time;
    }

    @Override
    public void stop() {}

    @Override
    public void needOwnProcess() {}

    @Override
    public int serve() {
      folder = folder(origin);
      callers.keepPlans(folder, build);
      boolean given =
          origin.variable("LISTEN_FDS").filter("1"::equals).isPresent()
              && origin
                  .variable("LISTEN_PID")
                  .filter(Long.toString(ProcessHandle.current().pid())::equals)
                  .isPresent();
      open(
          given
              ? callers.inherited(HANDED_OVER, build)
              : callers
                  .listen(folder, build)
                  .orElseThrow(() -> listening(folder, "another planner")));
      lastUse = System.nanoTime();
      untilOver();
      return 0;
    }
  }
}
