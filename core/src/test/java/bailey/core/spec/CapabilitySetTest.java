package bailey.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilitySetTest {
  @Test
  void numbersAreTheKernels() {
    assertThat(Capability.values())
        .extracting(Capability::number)
        .containsExactly(IntStream.rangeClosed(0, 40).boxed().toArray(Integer[]::new));
    assertThat(Capability.CHOWN.number()).isZero();
    assertThat(Capability.NET_RAW.number()).isEqualTo(13);
    assertThat(Capability.SYS_ADMIN.number()).isEqualTo(21);
    assertThat(Capability.MKNOD.number()).isEqualTo(27);
    assertThat(Capability.SETFCAP.number()).isEqualTo(31);
    assertThat(Capability.BPF.number()).isEqualTo(39);
    assertThat(Capability.CHECKPOINT_RESTORE.number()).isEqualTo(40);
  }

  @Test
  void maskIsThatOfStatusFiles() {
    assertThat(CapabilitySet.ALL.mask()).isEqualTo(0x1ffffffffffL);
    assertThat(CapabilitySet.of(Capability.NET_RAW, Capability.BPF).mask())
        .isEqualTo(0x8000002000L);
    // as `podman run ... grep CapBnd /proc/self/status` prints it
    assertThat(CapabilitySet.CONTAINER_DEFAULT.mask()).isEqualTo(0x800405fbL);
  }

  @ParameterizedTest
  @EnumSource(Capability.class)
  void everyNameIsReadInEachForm(Capability capability) {
    var expected = CapabilitySet.of(capability);
    assertThat(CapabilitySet.parse(capability.kernelName())).isEqualTo(expected);
    assertThat(CapabilitySet.parse(capability.name().toLowerCase(Locale.ROOT))).isEqualTo(expected);
    assertThat(CapabilitySet.parse("cap_" + capability.name())).isEqualTo(expected);
    assertThat(CapabilitySet.parse(expected.toString())).isEqualTo(expected);
  }

  @Test
  void listsAreRead() {
    assertThat(CapabilitySet.parse("net_raw, CAP_SYS_TIME"))
        .isEqualTo(CapabilitySet.of(Capability.NET_RAW, Capability.SYS_TIME));
    assertThat(CapabilitySet.parse("ALL")).isEqualTo(CapabilitySet.ALL);
    assertThat(CapabilitySet.parse("kill,all")).isEqualTo(CapabilitySet.ALL);
    assertThat(CapabilitySet.parse("none")).isEqualTo(CapabilitySet.NONE);
    assertThat(CapabilitySet.parse(CapabilitySet.ALL.toString())).isEqualTo(CapabilitySet.ALL);
    assertThat(CapabilitySet.parse(CapabilitySet.NONE.toString())).isEqualTo(CapabilitySet.NONE);
    assertThat(CapabilitySet.parse(CapabilitySet.CONTAINER_DEFAULT.toString()))
        .isEqualTo(CapabilitySet.CONTAINER_DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NET_ROW", "CAP_", "CAP_CAP_KILL", "kill,", "kill;chown", "13"})
  void otherTextIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> CapabilitySet.parse(text))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("CAP_NET_RAW");
  }

  @Test
  void setsAreAddedAndTakenAway() {
    var kill = CapabilitySet.of(Capability.KILL);
    assertThat(CapabilitySet.CONTAINER_DEFAULT.contains(Capability.KILL)).isTrue();
    assertThat(CapabilitySet.CONTAINER_DEFAULT.without(kill).contains(Capability.KILL)).isFalse();
    assertThat(CapabilitySet.CONTAINER_DEFAULT.without(kill).with(kill))
        .isEqualTo(CapabilitySet.CONTAINER_DEFAULT);
    assertThat(kill.capabilities()).containsExactly(Capability.KILL);
  }

  @Test
  void defaultHasNothingThatReachesOut() {
    assertThat(CapabilitySet.CONTAINER_DEFAULT.capabilities())
        .hasSize(11)
        .doesNotContain(
            Capability.SYS_ADMIN,
            Capability.NET_RAW,
            Capability.NET_ADMIN,
            Capability.MKNOD,
            Capability.AUDIT_WRITE,
            Capability.DAC_READ_SEARCH,
            Capability.SYS_PTRACE,
            Capability.SYS_MODULE,
            Capability.BPF);
  }

  @Test
  void bitsThatAreNoCapabilityAreRefused() {
    assertThatThrownBy(() -> new CapabilitySet(1L << 41))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x20000000000");
  }
}
