package bailey.containerfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlertnessTest {
  private static final long SOON = Alertness.SOON_NANOS;

  private final Alertness alertness = new Alertness();

  private void soon(int times) {
    for (int i = 0; i < times; i++) {
      alertness.found(0, SOON - 1);
    }
  }

  @Test
  void whoWasNotAskedSoonSleeps() {
    assertThat(alertness.staysAwake(0, 0)).isFalse();
    soon(Alertness.IN_A_ROW - 1);
    assertThat(alertness.staysAwake(0, 0)).isFalse();
    soon(1);
    assertThat(alertness.staysAwake(0, 0)).isTrue();
  }

  @Test
  void forAMomentOnly() {
    soon(Alertness.IN_A_ROW);
    assertThat(alertness.staysAwake(7, 7 + SOON - 1)).isTrue();
    assertThat(alertness.staysAwake(7, 7 + SOON)).isFalse();
  }

  @Test
  void andNotAgainAfterItWasInVain() {
    soon(Alertness.IN_A_ROW + 5);
    alertness.found(0, SOON);
    assertThat(alertness.staysAwake(0, 0)).isFalse();
    soon(Alertness.IN_A_ROW - 1);
    assertThat(alertness.staysAwake(0, 0)).isFalse();
  }

  @Test
  void whereOthersHaveMuchToDoItSleepsForATime() {
    soon(Alertness.IN_A_ROW);
    alertness.yielded(0, Alertness.CROWDED_NANOS);
    assertThat(alertness.isAwake(Alertness.CROWDED_NANOS)).isTrue();
    long now = Alertness.CROWDED_NANOS + 1;
    alertness.yielded(0, now);
    soon(Alertness.IN_A_ROW);
    assertThat(alertness.isAwake(now + Alertness.SLEEPY_NANOS - 1)).isFalse();
    assertThat(alertness.isAwake(now + Alertness.SLEEPY_NANOS)).isTrue();
  }

  @Test
  void clocksGoAround() {
    soon(Alertness.IN_A_ROW);
    alertness.yielded(Long.MAX_VALUE - Alertness.CROWDED_NANOS, Long.MAX_VALUE);
    assertThat(alertness.isAwake(Long.MAX_VALUE)).isTrue();
    alertness.yielded(Long.MAX_VALUE - Alertness.CROWDED_NANOS - 1, Long.MAX_VALUE);
    assertThat(alertness.isAwake(Long.MIN_VALUE)).isFalse();
    assertThat(alertness.isAwake(Long.MIN_VALUE + Alertness.SLEEPY_NANOS)).isTrue();
  }
}
