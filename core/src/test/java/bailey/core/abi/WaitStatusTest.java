package bailey.core.abi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitStatusTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 255})
  void anExitHasItsStatusAndNoSignal(int status) {
    var ended = WaitStatus.exited(status);
    assertThat(ended.exitStatus()).hasValue(status);
    assertThat(ended.signal()).isEmpty();
    assertThat(ended.shellStatus()).isEqualTo(status);
  }

  /** The eighth bit tells of a core dump. */
  @ParameterizedTest
  @CsvSource({"9,9", "15,15", "0x8B,11", "64,64"})
  void aSignalIsNoStatus(String bits, int signal) {
    var ended = new WaitStatus(Integer.decode(bits));
    assertThat(ended.signal()).hasValue(signal);
    assertThat(ended.exitStatus()).isEmpty();
    assertThat(ended.shellStatus()).isEqualTo(128 + signal);
  }
}
