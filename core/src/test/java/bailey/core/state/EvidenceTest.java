package bailey.core.state;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.state.Evidence.First;
import bailey.core.state.Evidence.Intent;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static ContainerState whole(
      boolean attended, boolean owned, First first, boolean ended, boolean frozen) {
    return new Evidence(Intent.WHOLE, attended, owned, first, ended, frozen).state();
  }

  @Test
  void nothingIsGone() {
    assertThat(Evidence.NOTHING.state()).isEqualTo(ContainerState.GONE);
  }

  @Test
  void whatIsAttendedIsNeverAbandoned() {
    for (var intent : new Intent[] {Intent.BLANK, Intent.WHOLE}) {
      for (var first : First.values()) {
        for (int bits = 0; bits < 8; bits++) {
          var evidence =
              new Evidence(intent, true, (bits & 1) != 0, first, (bits & 2) != 0, (bits & 4) != 0);
          assertThat(evidence.state()).as("%s", evidence).isNotEqualTo(ContainerState.ABANDONED);
        }
      }
    }
  }

  @Test
  void whatRunsIsNeverAbandoned() {
    for (int bits = 0; bits < 8; bits++) {
      assertThat(whole((bits & 1) != 0, (bits & 2) != 0, First.LIVES, false, (bits & 4) != 0))
          .isIn(ContainerState.RUNNING, ContainerState.FROZEN, ContainerState.UNATTENDED);
    }
  }

  @Test
  void aRecordedEndCountsBeforeAllElse() {
    assertThat(whole(true, true, First.LIVES, true, true)).isEqualTo(ContainerState.ENDED);
    assertThat(whole(false, false, First.NONE, true, false)).isEqualTo(ContainerState.ENDED);
  }

  @Test
  void itsLifeStepByStep() {
    assertThat(whole(false, true, First.NONE, false, false)).isEqualTo(ContainerState.CREATED);
    assertThat(whole(true, true, First.NONE, false, false)).isEqualTo(ContainerState.STARTING);
    assertThat(whole(true, false, First.LIVES, false, false)).isEqualTo(ContainerState.RUNNING);
    assertThat(whole(true, false, First.LIVES, false, true)).isEqualTo(ContainerState.FROZEN);
    assertThat(whole(true, false, First.GONE, false, false)).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void crashes() {
    assertThat(whole(false, false, First.NONE, false, false)).isEqualTo(ContainerState.ABANDONED);
    assertThat(whole(false, true, First.GONE, false, false)).isEqualTo(ContainerState.ABANDONED);
    assertThat(new Evidence(Intent.BLANK, false, false, First.NONE, false, false).state())
        .isEqualTo(ContainerState.ABANDONED);
    assertThat(new Evidence(Intent.BLANK, true, false, First.NONE, false, false).state())
        .isEqualTo(ContainerState.STARTING);
    assertThat(new Evidence(Intent.DAMAGED, false, false, First.NONE, false, false).state())
        .isEqualTo(ContainerState.DAMAGED);
  }
}
