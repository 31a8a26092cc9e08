package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GarbageTest {
  private static final long LIVE = 20 << 20;

  private final Garbage garbage = new Garbage();

  @Test
  void littleIsCollectedWhereNothingIsDone() {
    garbage.collected(LIVE);
    long little = LIVE + Garbage.LITTLE + 1;
    assertThat(garbage.isMuch(little)).as("it has just come").isFalse();
    assertThat(garbage.isMuch(little)).isTrue();
    garbage.collected(LIVE);
    assertThat(garbage.isMuch(LIVE)).isFalse();
    assertThat(garbage.isMuch(LIVE)).isFalse();
  }

  @Test
  void whileItGrowsMuch() {
    garbage.collected(LIVE);
    long most = LIVE + Garbage.MUCH + LIVE / 4;
    for (long used = LIVE; used <= most; used += Garbage.GROWTH + 1) {
      assertThat(garbage.isMuch(used)).isFalse();
    }
    assertThat(garbage.isMuch(most + Garbage.GROWTH + 1)).isTrue();
  }

  @Test
  void whatIsInUseIsNotLookedForAgainAndAgain() {
    garbage.collected(LIVE);
    for (int i = 0; i < 10; i++) {
      assertThat(garbage.isMuch(LIVE + Garbage.LITTLE)).isFalse();
    }
  }
}
