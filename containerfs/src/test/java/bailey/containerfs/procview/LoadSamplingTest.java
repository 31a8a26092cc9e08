package bailey.containerfs.procview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bailey.ResourceTexts.Threads;
import bailey.containerfs.view.LoadAverage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LoadSamplingTest {
  private static final long INTERVAL = LoadSampling.INTERVAL;
  private static final double SHOWN = 2048;

  private final LoadSampling sampling = new LoadSampling();
  private final AtomicInteger counted = new AtomicInteger();

  private Supplier<Threads> running(int number) {
    return () -> {
      counted.incrementAndGet();
      return new Threads(number, number, 0, 1);
    };
  }

  private void look(long up, long used, long waited, int running) {
    sampling.look(new LoadSampling.Progress(up, used, waited, 1), running(running));
  }

  @Test
  void busyTasksAreCountedEachTime() {
    for (int i = 1; i <= 24; i++) {
      look(i * INTERVAL, i * INTERVAL, 0, 3); // three share one CPU
    }
    assertThat(counted).hasValue(24);
    assertThat(sampling.load()).isEqualTo(LoadAverage.ZERO.after(3, 24));
  }

  @Test
  void nothingIsCountedOfWhoDoesNothing() {
    look(INTERVAL, INTERVAL, 0, 1);
    for (int i = 2; i <= 10; i++) {
      look(i * INTERVAL, INTERVAL + i, 0, 5);
    }
    assertThat(counted).hasValue(1);
    assertThat(sampling.load()).isEqualTo(LoadAverage.ZERO.after(1, 1).after(0, 9));
  }

  @Test
  void whoWaitsForADiskIsCounted() {
    look(INTERVAL, 0, 5, 2);
    look(2 * INTERVAL, 0, 6, 2);
    look(3 * INTERVAL, 0, -1, 2); // it is not told
    assertThat(counted).hasValue(3);
  }

  @Test
  void withinAnIntervalNothingChanges() {
    look(INTERVAL, INTERVAL, 0, 1);
    look(INTERVAL + 1, INTERVAL, 0, 9);
    assertThat(sampling.load()).isEqualTo(LoadAverage.ZERO.after(1, 1));
  }

  @Test
  void whatNobodyLookedAtIsToldByWhatWasUsed() {
    look(60 * INTERVAL, 30 * INTERVAL, 0, 1);
    assertThat(sampling.load().five() / SHOWN).isCloseTo(0.5 * (1 - Math.exp(-1)), within(0.02));
  }

  @Test
  void whoNeverHadEnoughHadAsManyAsNow() {
    look(60 * INTERVAL, 60 * INTERVAL, 0, 4);
    assertThat(sampling.load().five() / SHOWN).isCloseTo(4 * (1 - Math.exp(-1)), within(0.03));
  }
}
