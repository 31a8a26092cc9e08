package bailey.cli.serve;

import bailey.core.kernel.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A descriptor of the caller, which reads from it itself; nothing is read ahead. */
public final class CallerInput extends InputStream {
  private final Caller caller;
  private final int descriptor;

  /** Of a caller's descriptor. */
  public CallerInput(Caller caller, int descriptor) {
    this.caller = caller;
    this.descriptor = descriptor;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    try {
      var read = caller.read(descriptor, count);
      System.arraycopy(read, 0, bytes, from, read.length);
      return read.length == 0 ? -1 : read.length;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
