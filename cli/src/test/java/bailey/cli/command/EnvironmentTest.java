package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void variablesKeepTheirBytesAndOrder() {
    assertThat(Environment.parse(bytes("B=\u00ff\0A=x=y\0EMPTY=\0")).variables())
        .containsExactly(entry("B", "\uDCFF"), entry("A", "x=y"), entry("EMPTY", ""));
  }

  @Test
  void theFirstOfTwoCountsAndWhatIsNoneIsLeftOut() {
    assertThat(Environment.parse(bytes("A=1\0A=2\0=x\0none\0")).variables())
        .containsExactly(entry("A", "1"));
    assertThat(Environment.parse(bytes("")).variables()).isEmpty();
  }

  @Test
  void argumentsAreTheLastOfTheCommandLine() {
    var line =
        bytes(
            "java\0-m\0bailey.cli/bailey.cli.Main\0run\0\0-m\0bailey.cli/bailey.cli.Main\0\u00e9\0");
    assertThat(Environment.lastArguments(line, 5))
        .containsExactly("run", "", "-m", "bailey.cli/bailey.cli.Main", "\uDCE9");
    assertThat(Environment.lastArguments(line, 0)).isEmpty();
  }
}
