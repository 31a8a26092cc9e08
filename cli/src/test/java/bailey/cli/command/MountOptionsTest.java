package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountOptionsTest {
  @Test
  void whatIsNotMountsOwnIsMeantForBailey() {
    assertThat(MountOptions.names("rw,nosuid,memory,x-systemd.automount,nofail,cpu,,comment=a"))
        .containsExactly("memory", "cpu");
    assertThat(MountOptions.names("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ro", "suid", "dev", "exec", "remount"})
  void whatWouldBeAnotherMountIsRefused(String option) {
    assertThatThrownBy(() -> MountOptions.names("memory," + option))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("the option " + option + " is not");
  }
}
