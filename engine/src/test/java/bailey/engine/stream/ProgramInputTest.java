package bailey.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.Pipe;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class ProgramInputTest {
  /** Has text in it; what is done when the first of it has been read. */
  private static final class FakePipe implements Pipe {
    private final ByteArrayInputStream text =
        new ByteArrayInputStream("one\ntwo\n".getBytes(UTF_8));
    private Runnable meanwhile = () -> {};
    private boolean closed;

    @Override
    public int far() {
      return 3;
    }

    @Override
    public void releaseFar() {}

    @Override
    public int read(byte[] into, int offset, int length) {
      int n = text.read(into, offset, Math.min(length, 4));
      meanwhile.run();
      return n;
    }

    @Override
    public int available() {
      meanwhile.run();
      return text.available();
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      throw new AssertionError("it is not written to");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final FakePipe pipe = new FakePipe();
  private final ProgramInput input = new ProgramInput(pipe);

  /** In another thread, as one who waits for the end does it. */
  private void end() {
    pipe.meanwhile = () -> {};
    try {
      Thread.ofPlatform().start(input::programEnded).join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatWasNotReadIsKeptWhenTheProgramEnds() throws Exception {
    input.programEnded();
    assertThat(pipe.closed).isTrue();
    assertThat(input.readAllBytes()).asString(UTF_8).isEqualTo("one\ntwo\n");
  }

  @Test
  void whoReadsWhenItEndsGivesTheDescriptorBack() throws Exception {
    pipe.meanwhile = this::end;
    assertThat(input.readNBytes(4)).asString(UTF_8).isEqualTo("one\n");
    assertThat(pipe.closed).isTrue();
    assertThat(input.readAllBytes()).asString(UTF_8).isEqualTo("two\n");
  }

  @Test
  void whoLooksWhenItEndsGivesItBackAsWell() throws Exception {
    pipe.meanwhile = this::end;
    assertThat(input.available()).isEqualTo(8);
    assertThat(pipe.closed).isTrue();
    assertThat(input.readAllBytes()).asString(UTF_8).isEqualTo("one\ntwo\n");
  }
}
