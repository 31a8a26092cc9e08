package bailey.testkit.machine;

import bailey.core.kernel.Pipe;
import bailey.testkit.machine.OpenFile.PipeBuffer;
import bailey.testkit.machine.OpenFile.ReadEnd;
import bailey.testkit.machine.OpenFile.Refused;
import bailey.testkit.machine.OpenFile.WriteEnd;
import java.util.Arrays;

/** A pipe between a test's JVM and a process of the fake machine. */
final class FakePipe implements Pipe {
  private final FakeKernel kernel;
  private final int number;
  private final PipeBuffer buffer;
  private final OpenFile near;
  private final OpenFile far;
  private boolean closed;

  FakePipe(FakeKernel kernel, Direction direction, int number) {
    this.kernel = kernel;
    this.number = number;
    this.buffer = new PipeBuffer(kernel);
    var read = new ReadEnd(buffer);
    var write = new WriteEnd(buffer);
    this.near = direction == Direction.TO_PROGRAM ? write : read;
    this.far = direction == Direction.TO_PROGRAM ? read : write;
  }

  OpenFile farEnd() {
    return far;
  }

  @Override
  public int far() {
    return number;
  }

  @Override
  public void releaseFar() {
    synchronized (kernel) {
      kernel.closeFar(number);
    }
  }

  @Override
  public int read(byte[] into, int offset, int length) throws Broken {
    synchronized (kernel) {
      check();
      var bytes = new byte[length];
      try {
        int n = near.read(kernel.self(), bytes, length);
        System.arraycopy(bytes, 0, into, offset, n);
        return n == 0 ? -1 : n;
      } catch (InterruptedException e) {
        throw new Broken("interrupted");
      }
    }
  }

  @Override
  public int available() throws Broken {
    synchronized (kernel) {
      check();
      return buffer.available();
    }
  }

  @Override
  public void write(byte[] from, int offset, int length) throws Broken {
    synchronized (kernel) {
      check();
      try {
        near.write(kernel.self(), Arrays.copyOfRange(from, offset, offset + length));
      } catch (Refused refused) {
        throw new Broken(refused.errno().sentence());
      } catch (InterruptedException e) {
        throw new Broken("interrupted");
      }
    }
  }

  private void check() throws Broken {
    if (closed) {
      throw new Broken("the stream is closed");
    }
  }

  @Override
  public void close() {
    synchronized (kernel) {
      kernel.closeFar(number);
      if (!closed) {
        closed = true;
        near.release();
      }
    }
  }
}
