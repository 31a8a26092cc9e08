package bailey.containerfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.FileServing.Channel.Lane;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadersTest {
  private static final int READERS = 12;

  private final FakeChannel channel = new FakeChannel();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore free = new Semaphore(0);
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Set<Long> seen = ConcurrentHashMap.newKeySet();
  private final CountDownLatch last = new CountDownLatch(1);
  private final AtomicInteger looking = new AtomicInteger();
  private final List<Integer> lookers = new ArrayList<>();

  private int handle(ByteBuffer in, Lane lane, bailey.containerfs.wire.Answer answer) {
    threads.add(Thread.currentThread());
    seen.add(in.getLong(8));
    begun.release();
    free.acquireUninterruptibly();
    return 0;
  }

  private Readers start() {
    var readers = new Readers(channel, this::handle, 1, last::countDown);
    readers.start();
    return readers;
  }

  private void ask(int first, int count) {
    for (int i = first; i < first + count; i++) {
      channel.ask(FakeChannel.request(1, i, 1, 0));
    }
  }

  /** Whatever the number of processors is: each of them blocks. */
  @Test
  void asManyReadAsAreBlockedAndOneMore() throws InterruptedException {
    var readers = start();
    ask(0, READERS);
    begun.acquire(READERS);
    assertThat(threads).hasSize(READERS);
    free.release(READERS);
    ask(READERS, 1);
    begun.acquire();
    assertThat(seen).hasSize(READERS + 1);
    free.release();
    channel.close();
    last.await();
    readers.await();
  }

  @Test
  void oneLooksAtATime() throws InterruptedException {
    var first = new CountDownLatch(1);
    channel.whileWaiting(
        () -> {
          lookers.add(looking.incrementAndGet());
          first.countDown();
        },
        () -> looking.decrementAndGet());
    var readers = start();
    first.await(); // who was not asked yet does not stay awake
    for (int round = 0; round < 20; round++) {
      ask(round * READERS, READERS);
      begun.acquire(READERS);
      free.release(READERS);
    }
    channel.close();
    readers.await();
    assertThat(seen).hasSize(20 * READERS);
    assertThat(lookers).isNotEmpty().containsOnly(1);
  }

  @Test
  void whatIsBegunIsEndedFirst() throws InterruptedException {
    var readers = start();
    ask(0, 1);
    begun.acquire();
    channel.close();
    assertThat(last.getCount()).isOne();
    free.release();
    readers.await();
    assertThat(last.getCount()).isZero();
    assertThat(readers.hasEnded()).isTrue();
  }
}
