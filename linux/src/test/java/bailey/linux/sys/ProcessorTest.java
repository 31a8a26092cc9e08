package bailey.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  private static final int MASK = 1024;

  private static int parsed(String stat) {
    byte[] bytes = stat.getBytes(StandardCharsets.UTF_8);
    return Processor.processor(ByteBuffer.wrap(bytes), bytes.length);
  }

  /** Field n has the value n. */
  private static String stat(String name, int fields) {
    return "1 ("
        + name
        + ") R"
        + IntStream.rangeClosed(4, fields)
            .mapToObj(field -> " " + field)
            .collect(Collectors.joining());
  }

  @Test
  void isField39() {
    assertThat(parsed(stat("java", 52) + "\n")).isEqualTo(39);
    assertThat(parsed(stat("a) R (b 1 2 3", 52) + "\n")).isEqualTo(39);
    assertThat(parsed(stat("java", 39))).isEqualTo(39);
    assertThat(parsed(stat("java", 38))).isNegative();
    assertThat(parsed("nothing")).isNegative();
  }

  private static BitSet mask() throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(MASK);
      long size = SystemCall.checked(Sys.SCHED_GETAFFINITY, 0, MASK, mask.address());
      return BitSet.valueOf(mask.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Has the calling thread run on one processor only. */
  private static void pin(int processor) throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var mask = arena.allocate(MASK);
      mask.set(ValueLayout.JAVA_BYTE, processor / 8, (byte) (1 << processor % 8));
      var _ = SystemCall.checked(Sys.SCHED_SETAFFINITY, 0, MASK, mask.address());
    }
  }

  private static int current() throws SystemCallRefused {
    try (var arena = Arena.ofConfined()) {
      var number = arena.allocate(ValueLayout.JAVA_INT);
      var _ = SystemCall.checked(Sys.GETCPU, number.address(), 0, 0, 0, 0, 0);
      return number.get(ValueLayout.JAVA_INT, 0);
    }
  }

  private static final class Other extends Thread {
    private final int processor;
    private final AtomicLong number = new AtomicLong();
    private final CountDownLatch there = new CountDownLatch(1);
    private final CountDownLatch seen = new CountDownLatch(1);

    Other(int processor) {
      this.processor = processor;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        pin(processor);
        number.set(SystemCall.checked(Sys.GETTID, 0, 0));
        there.countDown();
        seen.await();
      } catch (SystemCallRefused | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** In a thread of its own, whose processors are nobody else's concern. */
  private static void alone(Trial trial) throws InterruptedException {
    var failed = new Throwable[1];
    var thread = new Thread(() -> trial.run(failed));
    thread.start();
    thread.join();
    assertThat(failed[0]).isNull();
  }

  private interface Trial {
    void go() throws Exception;

    default void run(Throwable[] failed) {
      try {
        go();
      } catch (Exception | AssertionError e) {
        failed[0] = e;
      }
    }
  }

  @Test
  void mayGoWhereItMightBefore() throws InterruptedException {
    alone(
        () -> {
          var before = mask();
          for (int cpu = before.nextSetBit(0); cpu >= 0; cpu = before.nextSetBit(cpu + 1)) {
            var other = new Other(cpu);
            other.start();
            other.there.await();
            new Processor().join((int) other.number.get());
            other.seen.countDown();
            assertThat(mask()).isEqualTo(before);
          }
        });
  }

  @Test
  void staysWhereItHasTo() throws InterruptedException {
    alone(
        () -> {
          var all = mask();
          int here = all.nextSetBit(0);
          pin(here);
          var other = new Other(all.length() - 1);
          // started by a thread that is bound, it is bound too, until it says otherwise
          other.start();
          other.there.await();
          new Processor().join((int) other.number.get());
          other.seen.countDown();
          assertThat(current()).isEqualTo(here);
          assertThat(mask().cardinality()).isOne();
        });
  }

  @Test
  void whoIsGoneIsNotFollowed() throws InterruptedException {
    alone(
        () -> {
          var before = mask();
          new Processor().join(Integer.MAX_VALUE);
          assertThat(mask()).isEqualTo(before);
        });
  }
}
