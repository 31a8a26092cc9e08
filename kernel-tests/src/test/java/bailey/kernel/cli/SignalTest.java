package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalTest {
  @ParameterizedTest
  @CsvSource({"INT", "TERM", "HUP", "USR1", "USR2", "WINCH"})
  void signalsReachTheCommand(String signal) throws IOException {
    var process =
        Bailey.start(
            "run",
            "--",
            "sh",
            "-c",
            "trap 'echo got " + signal + "; exit 3' " + signal + "; echo ready; sleep 1000 & wait");
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("ready");
      Bailey.program("", List.of("kill", "-" + signal, Long.toString(process.pid())), Map.of());
      assertThat(out.readLine()).isEqualTo("got " + signal);
    }
    assertThat(Bailey.await(process, "run")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130", "HUP,129"})
  void aCommandThatTakesNoCareIsKilled(String signal, int status) throws IOException {
    var process = Bailey.start("run", "--", "sh", "-c", "echo ready; exec sleep 1000");
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("ready");
      Bailey.program("", List.of("kill", "-" + signal, Long.toString(process.pid())), Map.of());
    }
    assertThat(Bailey.await(process, "run")).isEqualTo(status);
  }
}
