package bailey.linux.exec;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Two pipes, as an executor gives them to a JVM that it starts. Plain file streams and no native
 * access: this is part of every start of a JVM.
 */
final class PipeLink implements CallLink {
  private final FileInputStream in;
  private final FileOutputStream out;

  /** Of paths that lead to them. */
  PipeLink(String in, String out) throws IOException {
    this.in = new FileInputStream(in);
    try {
      this.out = new FileOutputStream(out);
    } catch (IOException e) {
      this.in.close();
      throw e;
    }
  }

  @Override
  public boolean fill(byte[] bytes) throws IOException {
    int n = in.readNBytes(bytes, 0, bytes.length);
    if (n > 0 && n < bytes.length) {
      throw new EOFException("the other end was closed inside of a message");
    }
    return n == bytes.length;
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  @Override
  public void close() {
    try (in;
        out) {
      // both are closed whatever the other says
    } catch (IOException _) {
      // of a pipe, close(2) tells nothing
    }
  }
}
