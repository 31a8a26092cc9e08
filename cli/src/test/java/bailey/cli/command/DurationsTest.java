package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "30s,PT30S",
    "90,PT1M30S",
    "500ms,PT0.5S",
    "5m,PT5M",
    "1h30m,PT1H30M",
    "1d2h3m4s5ms,PT26H3M4.005S",
    "0h1s,PT1S",
    "100000s,PT27H46M40S"
  })
  void reads(String text, Duration duration) {
    assertThat(Durations.parse("--timeout", text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x       | --timeout: x is not a time; write a time such as 30s, 5m, 1h30m or 500ms
          5x      | --timeout: 5x is not a time; write a time such as 30s, 5m, 1h30m or 500ms
          -5s     | --timeout: -5s is not a time; write a time such as 30s, 5m, 1h30m or 500ms
          1.5s    | --timeout: 1.5s is not a time; write a time such as 30s, 5m, 1h30m or 500ms
          30m1h   | --timeout: 30m1h is not a time; write a time such as 30s, 5m, 1h30m or 500ms
          1h30    | --timeout: 1h30 is not a time; write a time such as 30s, 5m, 1h30m or 500ms
          1s1s    | --timeout: 1s1s is not a time; write a time such as 30s, 5m, 1h30m or 500ms
          ''      | --timeout: an empty value is no time at all; write a time such as 30s, 5m, 1h30m or 500ms
          0s      | --timeout: 0s is no time at all; write a time such as 30s, 5m, 1h30m or 500ms
          300000d | --timeout: 300000d is longer than 292 years; write a time such as 30s, 5m, 1h30m or 500ms
          99999999999999999999s | --timeout: 99999999999999999999s is longer than 292 years; write a time such as 30s, 5m, 1h30m or 500ms
          """)
  void refuses(String text, String sentence) {
    assertThatThrownBy(() -> Durations.parse("--timeout", text))
        .isInstanceOf(BadRequest.class)
        .hasMessage(sentence);
  }
}
