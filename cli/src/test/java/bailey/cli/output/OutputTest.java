package bailey.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class OutputTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void namesComeOutAsTheyWentIn() {
    var output = new Output(out, err, Colour.OFF);
    output.line("a\uDCFFü");
    output.flush();
    assertThat(out.toByteArray()).containsExactly('a', 0xFF, 0xC3, 0xBC, '\n');
  }

  @Test
  void anErrorFollowsTheResultsBeforeIt() {
    var both = new ByteArrayOutputStream();
    var output = new Output(both, both, Colour.OFF);
    output.line("result");
    output.error("it failed");
    assertThat(both).hasToString("result\nbailey: it failed\n");
  }

  @Test
  void aReaderThatWentAwayIsToldApart() {
    assertThat(failure("Broken pipe").readerGone()).isTrue();
    assertThat(failure("No space left on device").readerGone()).isFalse();
    assertThat(failure("No space left on device"))
        .hasMessage("cannot write the output: No space left on device");
  }

  private Output.OutputFailed failure(String message) {
    var broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(message);
          }
        };
    var output = new Output(broken, err, Colour.OFF);
    output.line("x");
    var thrown = new Output.OutputFailed[1];
    assertThatThrownBy(output::flush)
        .isInstanceOfSatisfying(Output.OutputFailed.class, e -> thrown[0] = e);
    return thrown[0];
  }
}
