package bailey.engine.stream;

import bailey.core.kernel.Pipe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a program writes, to be read here. */
public final class ProgramInput extends InputStream {
  private static final int CHUNK = 8192;

  private final Pipe pipe;
  private final ReentrantLock reading = new ReentrantLock();
  private @Nullable InputStream rest;
  private volatile boolean closed;
  private volatile boolean ended;

  /** From the near end of {@code pipe}, which it owns. */
  public ProgramInput(Pipe pipe) {
    this.pipe = pipe;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    reading.lock();
    try {
      checkOpen();
      if (rest != null) {
        return rest.read(into, offset, length);
      }
      int n = pipe.read(into, offset, length);
      if (n < 0) {
        finish(InputStream.nullInputStream());
      }
      return n;
    } catch (Pipe.Broken e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      letGo();
    }
  }

  @Override
  public int available() throws IOException {
    if (!reading.tryLock()) {
      return 0;
    }
    try {
      checkOpen();
      return rest != null ? rest.available() : pipe.available();
    } catch (Pipe.Broken e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      letGo();
    }
  }

  /**
   * The program has ended: takes over what is still in the pipe and gives its descriptor back.
   * Where a thread is reading, that does it when it has read, which may be its last time.
   */
  public void programEnded() {
    ended = true;
    takeOver();
  }

  private void letGo() {
    reading.unlock();
    if (ended) {
      takeOver();
    }
  }

  private void takeOver() {
    if (!reading.tryLock()) {
      return;
    }
    try {
      if (!closed && rest == null) {
        finish(new ByteArrayInputStream(drain()));
      }
    } finally {
      reading.unlock();
    }
  }

  private byte[] drain() {
    var all = new ByteArrayOutputStream();
    var chunk = new byte[CHUNK];
    try {
      // Not until the end: a descriptor passed out of the container can keep the pipe open.
      while (pipe.available() > 0) {
        int n = pipe.read(chunk, 0, CHUNK);
        if (n < 0) {
          break;
        }
        all.write(chunk, 0, n);
      }
    } catch (Pipe.Broken _) {
      // what was read is kept
    }
    return all.toByteArray();
  }

  private void finish(InputStream remaining) {
    rest = remaining;
    pipe.close();
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    pipe.close();
  }
}
