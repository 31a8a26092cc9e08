package bailey.cli.serve;

import bailey.core.abi.Errno;
import bailey.core.kernel.Caller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A descriptor of the caller, which writes to it itself; nothing is buffered. */
public final class CallerStream extends OutputStream {
  private final Caller caller;
  private final int descriptor;

  /** Of a caller's descriptor. */
  public CallerStream(Caller caller, int descriptor) {
    this.caller = caller;
    this.descriptor = descriptor;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (count == 0) {
      return;
    }
    int error = caller.write(descriptor, Arrays.copyOfRange(bytes, from, from + count));
    if (error != 0) {
      throw new IOException(Errno.sentence(error));
    }
  }
}
