package bailey.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
  private static final NumberSet CPUS = new NumberSet("CPU", 8191);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "0-1 | 0-1",
        "0,1 | 0-1",
        "3,1,2 | 1-3",
        "0-2,1-5,7 | 0-5,7",
        "7,0 | 0,7",
        "8191 | 8191",
        "5-5 | 5"
      })
  void setsOfNumbersAreAsTheKernelPrintsThem(String text, String canonical) {
    assertThat(CPUS.canonical("cpuset.cpus", text)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "1-", "-1", "2-1", "1,,2", "1 2", "8192", "0-8192", "1-2-3", "0-9999999"})
  void whatIsNoSetIsRefused(String text) {
    assertThatThrownBy(() -> CPUS.canonical("cpuset.cpus", text))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("cpuset.cpus: ")
        .hasMessageEndingWith("; write numbers and ranges joined by commas, for example 0-1,3");
  }

  @Test
  void amountsHaveARange() {
    var weight = Amount.between(1, 10_000);
    assertThat(weight.canonical("cpu.weight", "0100")).isEqualTo("100");
    assertThatThrownBy(() -> weight.canonical("cpu.weight", "0"))
        .hasMessage(
            "cpu.weight: 0 is not in the range 1 to 10000; write a number from 1 to 10000, for"
                + " example 100");
    assertThatThrownBy(() -> weight.canonical("cpu.weight", "max")).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> weight.canonical("cpu.weight", "9999999999999999999"))
        .hasMessageContaining("is not in the range");
    assertThatThrownBy(() -> weight.canonical("cpu.weight", "99999999999999999999"))
        .isInstanceOf(BadRequest.class);
  }

  @Test
  void amountsOfBytesAreSizes() {
    assertThat(Amount.BYTES_OR_MAX.canonical("memory.max", "64M")).isEqualTo("67108864");
    assertThat(Amount.BYTES_OR_MAX.canonical("memory.max", "max")).isEqualTo("max");
    assertThatThrownBy(() -> Amount.BYTES.canonical("ipc.shmmax", "max"))
        .isInstanceOf(BadRequest.class);
  }

  @Test
  void namesHaveBytes() {
    var name = new Word(4, "web");
    assertThat(name.canonical("uts.hostname", "über".substring(1))).isEqualTo("ber");
    assertThatThrownBy(() -> name.canonical("uts.hostname", "über"))
        .hasMessageContaining("has more than 4 bytes");
    assertThatThrownBy(() -> name.canonical("uts.hostname", "a\tb"))
        .hasMessage("uts.hostname: a?b is no name; write a name of 1 to 4 bytes, for example web");
    assertThatThrownBy(() -> name.canonical("uts.hostname", "")).isInstanceOf(BadRequest.class);
  }

  @Test
  void reportsCannotBeWritten() {
    assertThatThrownBy(() -> Report.FLAT.canonical("memory.stat", "x"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("cannot be set");
  }

  @Test
  void choicesAreWords() {
    var choice = Choice.of("FROZEN", "THAWED");
    assertThat(choice.canonical("freezer.state", "FROZEN")).isEqualTo("FROZEN");
    assertThatThrownBy(() -> choice.canonical("freezer.state", "frozen"))
        .hasMessage("freezer.state: frozen is not one of its values; write FROZEN or THAWED");
  }
}
