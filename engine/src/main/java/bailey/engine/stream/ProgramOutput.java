package bailey.engine.stream;

import bailey.core.kernel.Pipe;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** What a program reads, to be written here. */
public final class ProgramOutput extends OutputStream {
  private final Pipe pipe;
  private volatile boolean closed;

  /** To the near end of {@code pipe}, which it owns. */
  public ProgramOutput(Pipe pipe) {
    this.pipe = pipe;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    if (closed) {
      throw new IOException("the stream is closed");
    }
    try {
      pipe.write(from, offset, length);
    } catch (Pipe.Broken e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    pipe.close();
  }
}
