package bailey.containerfs.session;

import bailey.containerfs.wire.Answer;
import bailey.containerfs.wire.Protocol;
import bailey.containerfs.wire.Request;
import bailey.core.abi.Errno;
import bailey.core.kernel.FileServing.Channel;
import bailey.core.kernel.FileServing.Channel.Lane;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read requests and handle them. Whoever has read a request handles it; at most
 * one at a time looks for the next where there is none, and stays awake for a while where that is
 * worth it ({@link Alertness}). So mostly there is one, on the processor of whoever asks.
 *
 * <p>One more looks after them, for as long as there are requests: where nobody has looked for a
 * moment, since all are busy or wait for something, it has one more read. So what blocks keeps
 * others waiting for no longer than two such moments. The others rest until they are needed.
 */
final class Readers {
  /** For how long nobody may have looked for requests. */
  private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** In how many of those without a request there will not be one so soon. */
  private static final int QUIET = 100;

  private static final int MOST_RESTING = 4;
  private static final int FEWEST = 2;
  private static final int ROOM = 128 << 10;
  private static final int REQUEST = Protocol.MOST_WRITTEN + 4096;

  private final Channel channel;
  private final Handler handler;
  private final int processors;
  private final Runnable last;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final LongAdder handled = new LongAdder();
  private final AtomicInteger readers = new AtomicInteger();
  private final ConcurrentLinkedDeque<Reader> resting = new ConcurrentLinkedDeque<>();
  private final AtomicInteger atRest = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread watch =
      Thread.ofPlatform().daemon().name("containerfs watch").unstarted(this::watch);

  /** How often somebody has begun to look. */
  private final AtomicLong looks = new AtomicLong();

  private volatile boolean asleep;
  private volatile boolean watchRests;
  private volatile boolean ended;

  /** Does what requests ask. */
  interface Handler {
    /**
     * Handles one.
     *
     * @param in the request, from 0 to its limit
     * @param answer whose message the lane writes
     * @return the number of the thread that asks, 0 where it is not known
     */
    int handle(ByteBuffer in, Lane lane, Answer answer);
  }

  /**
   * None yet.
   *
   * @param processors how many read at most where there is more to do than one can
   * @param last what is done when nobody can ask any more
   */
  Readers(Channel channel, Handler handler, int processors, Runnable last) {
    this.channel = channel;
    this.handler = handler;
    this.processors = processors;
    this.last = last;
  }

  void start() {
    add();
    watch.start();
  }

  /** Until nobody can ask any more and all that was asked is done. */
  void await() throws InterruptedException {
    end.await();
  }

  /** As {@link #await()}, no longer than some time; whether it is so then. */
  boolean await(long nanos) throws InterruptedException {
    return end.await(nanos, TimeUnit.NANOSECONDS);
  }

  boolean hasEnded() {
    return ended;
  }

  private void add() {
    var reader = new Reader();
    var thread = Thread.ofPlatform().daemon().name("containerfs").unstarted(reader);
    readers.incrementAndGet();
    thread.start();
  }

  /** Has one more read. */
  private void enlist() {
    var reader = resting.pollFirst();
    if (reader == null) {
      add();
    } else {
      atRest.decrementAndGet();
      reader.wake();
    }
  }

  private void watch() {
    long seen = -1;
    long done = 0;
    int quiet = 0;
    while (!ended) {
      if (quiet >= QUIET) {
        watchRests = true;
        if (asleep && !ended) {
          LockSupport.park(this);
        }
        watchRests = false;
        quiet = 0;
      }
      LockSupport.parkNanos(this, MOMENT_NANOS);
      long now = looks.get();
      if (looking.get() || now != seen) {
        quiet = asleep && now == seen ? quiet + 1 : 0;
        seen = now;
        continue;
      }
      long handledNow = handled.sum();
      if (handledNow == done || readers.get() - atRest.get() < Math.max(FEWEST, processors)) {
        enlist();
      }
      done = handledNow;
      quiet = 0;
    }
  }

  private void end() {
    ended = true;
    LockSupport.unpark(watch);
    for (var reader = resting.pollFirst(); reader != null; reader = resting.pollFirst()) {
      reader.wake();
    }
  }

  private final class Reader implements Runnable {
    private final ByteBuffer in = ByteBuffer.allocateDirect(REQUEST).order(ByteOrder.nativeOrder());
    private final Answer answer = new Answer(ROOM);
    private final Lane lane = channel.lane(in, answer.message());
    private final Alertness alertness = new Alertness();
    private final Company company = new Company();
    private volatile @Nullable Thread thread;
    private volatile boolean rests;

    @Override
    public void run() {
      thread = Thread.currentThread();
      try {
        while (!ended && serve()) {
          // again
        }
      } finally {
        if (readers.decrementAndGet() == 0 && ended) {
          last.run();
          end.countDown();
        }
      }
    }

    /** One request, or a rest; false where this one is needed no more. */
    private boolean serve() {
      int size = lane.take();
      if (size == -Errno.EAGAIN.number()) {
        if (!looking.compareAndSet(false, true)) {
          return rest();
        }
        try {
          looks.incrementAndGet();
          size = look();
        } finally {
          looking.set(false);
        }
      }
      if (size == -Errno.ENOENT.number()) {
        return true;
      }
      if (size < Request.HEADER_SIZE) {
        end();
        return false;
      }
      in.clear().limit(size);
      int asks = handler.handle(in, lane, answer);
      handled.increment();
      if (company.isSteady(asks)) {
        follow(asks);
      }
      return true;
    }

    /** Not where others want the processors too, nor where it would sleep in between. */
    private void follow(int asks) {
      long now = System.nanoTime();
      if (alertness.isAwake(now) && company.seeks(now)) {
        lane.join(asks);
      }
    }

    @SuppressWarnings("ThreadPriorityCheck") // to let others run is what it is for
    private int look() {
      long from = System.nanoTime();
      long now = from;
      while (!ended) {
        int size = lane.take();
        if (size != -Errno.EAGAIN.number()) {
          alertness.found(from, now);
          return size;
        }
        if (alertness.staysAwake(from, now)) {
          Thread.yield();
          long before = now;
          now = System.nanoTime();
          alertness.yielded(before, now);
        } else {
          sleep();
          now = System.nanoTime();
        }
      }
      return -Errno.ENODEV.number();
    }

    private void sleep() {
      asleep = true;
      lane.await();
      asleep = false;
      if (watchRests) {
        LockSupport.unpark(watch);
      }
    }

    private boolean rest() {
      if (atRest.incrementAndGet() > MOST_RESTING) {
        atRest.decrementAndGet();
        return false;
      }
      rests = true;
      resting.addFirst(this);
      while (rests && !ended) {
        LockSupport.park(this);
      }
      return true;
    }

    void wake() {
      rests = false;
      LockSupport.unpark(thread);
    }
  }
}
