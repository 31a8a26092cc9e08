package bailey.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTextTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1023,1023",
    "1024,1K",
    "1536,1.5K",
    "10240,10K",
    "1023999,1.0M",
    "67108864,64M",
    "1610612736,1.5G",
    "9223372036854775807,8E"
  })
  void bytes(long bytes, String text) {
    assertThat(HumanText.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0us",
    "999,999us",
    "1000,1ms",
    "999999,999ms",
    "1000000,1.00s",
    "1259999,1.25s",
    "59999999,59.99s",
    "125000000,2m05s"
  })
  void micros(long micros, String text) {
    assertThat(HumanText.micros(micros)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "-5,0s",
    "59,59s",
    "60,1m00s",
    "3599,59m59s",
    "3600,1h00m",
    "86399,23h59m",
    "100000,1d03h"
  })
  void durations(long seconds, String text) {
    assertThat(HumanText.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void whatIsNotKnownIsAHyphen() {
    assertThat(HumanText.bytes(OptionalLong.empty())).isEqualTo("-");
    assertThat(HumanText.micros(OptionalLong.empty())).isEqualTo("-");
    assertThat(HumanText.number(OptionalLong.empty())).isEqualTo("-");
    assertThat(HumanText.number(OptionalLong.of(0))).isEqualTo("0");
  }

  @Test
  void commandsCanBeTypedIntoAShell() {
    assertThat(HumanText.command(List.of("sh", "-c", "echo 'a'; b", "", "x=1", "über")))
        .isEqualTo("sh -c 'echo '\\''a'\\''; b' '' x=1 über");
  }

  @Test
  void shortened() {
    assertThat(HumanText.shortened("abcdefgh", 8)).isEqualTo("abcdefgh");
    assertThat(HumanText.shortened("abcdefghi", 8)).isEqualTo("abcde...");
  }
}
