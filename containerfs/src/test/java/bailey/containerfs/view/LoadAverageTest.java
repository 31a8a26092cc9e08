package bailey.containerfs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LoadAverageTest {
  private static final double SHOWN = 2048;

  @Test
  void aConstantLoadIsApproached() {
    for (int seconds : new int[] {5, 30, 60, 300, 900}) {
      var load = LoadAverage.ZERO.after(3, seconds / LoadAverage.INTERVAL);
      assertThat(load.one() / SHOWN).isCloseTo(3 * (1 - Math.exp(-seconds / 60.0)), within(0.02));
      assertThat(load.five() / SHOWN).isCloseTo(3 * (1 - Math.exp(-seconds / 300.0)), within(0.02));
      assertThat(load.fifteen() / SHOWN)
          .isCloseTo(3 * (1 - Math.exp(-seconds / 900.0)), within(0.03));
    }
  }

  @Test
  void itIsForgotten() {
    var load = LoadAverage.ZERO.after(2, 1000).after(0, 12);
    assertThat(load.one() / SHOWN).isCloseTo(2 * Math.exp(-1), within(0.02));
    assertThat(load.after(0, Long.MAX_VALUE)).isEqualTo(LoadAverage.ZERO);
    assertThat(load.after(0, 0)).isEqualTo(load);
  }

  /** What the kernel showed at some moments, as it rounds. */
  @Test
  void itIsShownAsTheKernelDoes() {
    assertThat(LoadAverage.ZERO.render(1, 3, 7)).isEqualTo("0.00 0.00 0.00 1/3 7\n");
    assertThat(new LoadAverage(2048, 1024, 4091).render(2, 100, 4711))
        .isEqualTo("1.00 0.50 2.00 2/100 4711\n");
    assertThat(LoadAverage.ZERO.after(1, 1).render(1, 1, 1)).startsWith("0.08 0.02 0.01 ");
  }
}
