package bailey.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE); // it overflows
  private final Turns turns = new Turns(2, now::get);

  private static Thread caller() {
    return Thread.ofVirtual().unstarted(() -> {});
  }

  @Test
  void onlySomeAreWorkedAt() {
    var first = caller();
    assertThat(turns.tryBegin(first)).isTrue();
    assertThat(turns.tryBegin(caller())).isTrue();
    assertThat(turns.tryBegin(caller())).isFalse();
    turns.end(first);
    assertThat(turns.tryBegin(caller())).isTrue();
    assertThat(turns.tryBegin(caller())).isFalse();
  }

  @Test
  void oneThatWaitsItselfIsInNobodysWay() {
    var waits = caller();
    assertThat(turns.tryBegin(waits)).isTrue();
    now.addAndGet(Turns.LENGTH / 2);
    assertThat(turns.tryBegin(caller())).isTrue();
    assertThat(turns.tryBegin(caller())).isFalse();
    now.addAndGet(Turns.LENGTH / 2);
    assertThat(turns.tryBegin(caller())).isTrue();
    assertThat(turns.tryBegin(caller())).isFalse();
    turns.end(waits); // makes no room a second time
    assertThat(turns.tryBegin(caller())).isFalse();
  }

  @Test
  void everybodyHasATurn() throws Exception {
    var at = new AtomicInteger();
    var most = new AtomicInteger();
    var busy = new Turns(3, System::nanoTime);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 100; i++) {
      threads.add(Thread.ofPlatform().start(() -> work(busy, at, most)));
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(at).hasValue(0);
    assertThat(most.get()).isBetween(1, 3);
  }

  private static void work(Turns turns, AtomicInteger at, AtomicInteger most) {
    try {
      turns.begin();
      most.accumulateAndGet(at.incrementAndGet(), Math::max);
      Thread.onSpinWait();
      at.decrementAndGet();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      turns.end(Thread.currentThread());
    }
  }
}
