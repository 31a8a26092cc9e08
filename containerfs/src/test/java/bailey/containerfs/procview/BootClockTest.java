package bailey.containerfs.procview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BootClockTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nanos = new AtomicLong(-5 * SECOND);
  private final AtomicReference<String> uptime = new AtomicReference<>("100.00 1.00\n");
  private final BootClock clock = new BootClock(nanos::get, uptime::get);

  @Test
  void itGoesOnFromWhatTheKernelSaid() {
    assertThat(clock.now()).isEqualTo(100 * SECOND);
    nanos.addAndGet(SECOND / 4);
    uptime.set("nobody asks");
    assertThat(clock.now()).isEqualTo(100 * SECOND + SECOND / 4);
  }

  @Test
  void whatTheMachineSleptIsSeen() {
    assertThat(clock.now()).isEqualTo(100 * SECOND);
    nanos.addAndGet(11 * SECOND);
    uptime.set("500.00 1.00\n");
    assertThat(clock.now()).isEqualTo(500 * SECOND);
  }

  @Test
  void hundredthsDoNotShakeIt() {
    assertThat(clock.now()).isEqualTo(100 * SECOND);
    nanos.addAndGet(11 * SECOND);
    uptime.set("110.99 1.00\n");
    assertThat(clock.now()).isEqualTo(111 * SECOND);
  }
}
