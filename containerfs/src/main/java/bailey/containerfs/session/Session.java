package bailey.containerfs.session;

import bailey.containerfs.tree.Tree;
import bailey.containerfs.wire.Answer;
import bailey.containerfs.wire.Request;
import bailey.containerfs.wire.Request.Header;
import bailey.core.abi.Errno;
import bailey.core.kernel.FileServing.Channel;
import bailey.core.kernel.FileServing.Channel.Lane;
import bailey.core.kernel.FileWatching;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Serves one mount until it is unmounted. */
public final class Session {
  /**
   * How long something that changes a container may go on after its caller was interrupted, before
   * the caller is told so: what it does cannot be taken back, so its result is worth waiting for.
   */
  private static final long GRACE_MILLIS = 1000;

  private static final long REST_MILLIS = 1000;

  private static final Optional<Ledger.Fate> NOT_BEGUN = Optional.empty();

  private final Channel channel;
  private final Tree tree;
  private final Names names;
  private final Lending lending;
  private final Watches watches;
  private final Answering answering;
  private final Ledger ledger;
  private final Readers readers;
  private final AtomicBoolean resting = new AtomicBoolean();
  private final Map<Long, InFlight> inFlight = new ConcurrentHashMap<>();
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("containerfs later").unstarted(task));

  /** Apart from the other, since what it looks at may keep it waiting. */
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("containerfs looks").unstarted(task));

  /** Whose answer is claimed by the first that has one. */
  private record InFlight(Header header, Request request, AtomicBoolean answered) {}

  /**
   * Of a channel and what is served through it.
   *
   * @param firstHandle a number for open files that no server before has come near to
   * @param watching those who watch its files
   */
  public Session(Channel channel, Tree tree, long firstHandle, FileWatching watching) {
    this(channel, tree, firstHandle, watching, Ledger.none());
  }

  /**
   * As {@link #Session(Channel, Tree, long, FileWatching)}, after another process or before one.
   *
   * @param requests the file in which each notes for the next what it has begun
   */
  public Session(
      Channel channel, Tree tree, long firstHandle, FileWatching watching, Path requests) {
    this(channel, tree, firstHandle, watching, Ledger.of(requests));
  }

  private Session(
      Channel channel, Tree tree, long firstHandle, FileWatching watching, Ledger ledger) {
    this.channel = channel;
    this.names = new Names();
    this.lending = new Lending(channel);
    tree.generation(ledger.generation());
    this.watches = new Watches(tree, watching, System::nanoTime, Session::startWatching);
    this.answering =
        new Answering(
            tree,
            firstHandle,
            ledger,
            new Waiters(channel, looking),
            names,
            lending,
            new Ownership(channel, names),
            watches);
    answering.agreed(ledger.agreed());
    this.ledger = ledger;
    this.tree = tree;
    this.readers =
        new Readers(
            channel, this::handle, Runtime.getRuntime().availableProcessors(), this::finish);
  }

  private static void startWatching(Runnable task) {
    Thread.ofPlatform().daemon().name("containerfs inotify").start(task);
  }

  /** Begins; returns at once. */
  public void start() {
    readers.start();
    if (ledger.generation() > 0) {
      watches.goOn();
    }
  }

  /** Until nobody can ask any more. */
  public void await() throws InterruptedException {
    readers.await();
  }

  /** Nobody can ask any more, or soon: waits until nobody is told of changes any more. */
  public void end() {
    watches.end();
  }

  /** As {@link #await()}, no longer than some time; whether it is so then. */
  public boolean await(long nanos) throws InterruptedException {
    return readers.await(nanos);
  }

  /** What is kept of files that are read again and again is let go of when they are not. */
  private void rest() {
    if (resting.compareAndSet(false, true)) {
      var _ = later.schedule(this::rested, REST_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void rested() {
    resting.set(false);
    boolean read = tree.rest();
    boolean kept = lending.rest() || read;
    if (kept && !readers.hasEnded()) {
      rest();
    }
  }

  private void finish() {
    later.shutdownNow();
    looking.shutdownNow();
    watches.end();
  }

  private int handle(ByteBuffer in, Lane lane, Answer answer) {
    var header = Request.header(in);
    handle(header, Request.read(in), lane, answer);
    return header.thread();
  }

  private void handle(Header header, Request request, Lane lane, Answer answer) {
    if (request instanceof Request.Interrupt(long unique)) {
      interrupt(header, unique, lane, answer);
      return;
    }
    var one = new InFlight(header, request, new AtomicBoolean());
    inFlight.put(header.original(), one);
    int place = -1;
    try {
      boolean changes = changes(request);
      var fate = header.sentAgain() && changes ? ledger.fate(header.original()) : NOT_BEGUN;
      place = changes ? ledger.begin(header.original()) : -1;
      boolean answers = answering.answer(header, request, fate, answer);
      if ((request instanceof Request.Read || request instanceof Request.Open) && !resting.get()) {
        rest();
      }
      ledger.done(place, answer.errno());
      if (answers && one.answered().compareAndSet(false, true)) {
        lane.write();
      }
    } catch (RuntimeException | Error fault) {
      if (one.answered().compareAndSet(false, true)) {
        answer.status(header.unique(), Errno.EIO.number());
        lane.write();
      }
      report(fault); // and goes on: with no reader left all who ask would wait for ever
    } finally {
      ledger.answered(place);
      inFlight.remove(header.original(), one);
    }
  }

  private static void report(Throwable fault) {
    var thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
  }

  /** Of what is not known it is asked again: its request may be read at this moment. */
  private void interrupt(Header header, long unique, Lane lane, Answer answer) {
    var one = inFlight.get(unique & Long.MAX_VALUE);
    if (one == null) {
      answer.status(header.unique(), Errno.EAGAIN.number());
      lane.write();
      return;
    }
    if (answering.movesItself(one.header(), one.request())) {
      tell(one, early -> answering.taken(unique, one.request(), early));
    } else if (changes(one.request())) {
      var _ = later.schedule(() -> giveUp(unique, one), GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      giveUp(unique, one);
    }
  }

  private static boolean changes(Request request) {
    return switch (request) {
      case Request.Write _,
          Request.MakeDirectory _,
          Request.RemoveDirectory _,
          Request.SetAttributes _,
          Request.Flush _,
          Request.Release _ ->
          true;
      default -> false;
    };
  }

  private void giveUp(long unique, InFlight one) {
    tell(one, answer -> answer.status(unique, Errno.EINTR.number()));
  }

  /** Answers before what was asked is done, unless it is. */
  private void tell(InFlight one, Consumer<Answer> what) {
    if (one.answered().compareAndSet(false, true)) {
      var answer = new Answer(4096);
      what.accept(answer);
      channel.write(answer.message());
    }
  }
}
