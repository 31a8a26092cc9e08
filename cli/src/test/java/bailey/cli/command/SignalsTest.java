package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {
  @ParameterizedTest
  @CsvSource({
    "KILL,9,KILL",
    "SIGKILL,9,KILL",
    "sigterm,15,TERM",
    "9,9,KILL",
    "USR1,10,USR1",
    "WINCH,28,WINCH",
    "SYS,31,SYS",
    "RTMIN+1,35,RTMIN+1",
    "64,64,RTMIN+30",
    "33,33,33"
  })
  void reads(String text, int number, String name) {
    assertThat(Signals.parse("--signal", text)).isEqualTo(number);
    assertThat(Signals.name(number)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "65", "-9", "KIL", "RTMIN+31", "RTMIN+", "RTMIN+-20", "SIG"})
  void refuses(String text) {
    assertThatThrownBy(() -> Signals.parse("--signal", text))
        .isInstanceOf(BadRequest.class)
        .hasMessage(
            "--signal: %s is no signal; write a name or a number, for example TERM, SIGUSR1 or 9",
            text.isEmpty() ? "an empty value" : text);
  }
}
