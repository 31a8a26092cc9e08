package bailey.containerfs.session;

import bailey.core.abi.Errno;
import bailey.core.kernel.FileServing.Channel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel's side of a device in memory. */
final class FakeChannel implements Channel {
  private final Queue<ByteBuffer> requests = new ArrayDeque<>();
  private final BlockingQueue<ByteBuffer> answers = new LinkedBlockingQueue<>();
  private final AtomicInteger failing = new AtomicInteger();
  private Runnable begins = () -> {};
  private Runnable ends = () -> {};
  private boolean closed;

  /** A request with nothing in its body yet. */
  static ByteBuffer request(int opcode, long unique, long node, int body) {
    var in = ByteBuffer.allocate(40 + body).order(ByteOrder.nativeOrder());
    return in.putInt(0, 40 + body).putInt(4, opcode).putLong(8, unique).putLong(16, node);
  }

  synchronized void ask(ByteBuffer request) {
    requests.add(request);
    notifyAll();
  }

  /** The next answer; waits for it. */
  ByteBuffer answer() throws InterruptedException {
    return answers.take();
  }

  /** Has as many answers from now on end in a fault. */
  void failWrites(int times) {
    failing.set(times);
  }

  /** What is done when somebody begins to wait for a request, and when he has waited. */
  synchronized void whileWaiting(Runnable begins, Runnable ends) {
    this.begins = begins;
    this.ends = ends;
  }

  boolean hasAnswered() {
    return !answers.isEmpty();
  }

  @Override
  public Lane lane(ByteBuffer into, ByteBuffer answer) {
    return new Lane() {
      @Override
      public int take() {
        return FakeChannel.this.take(into);
      }

      @Override
      public void await() {
        awaitRequest();
      }

      @Override
      public int write() {
        return FakeChannel.this.write(answer);
      }
    };
  }

  private synchronized int take(ByteBuffer into) {
    var request = requests.poll();
    if (request == null) {
      return closed ? -Errno.ENODEV.number() : -Errno.EAGAIN.number();
    }
    into.duplicate().clear().put(0, request, 0, request.limit());
    return request.limit();
  }

  private synchronized void awaitRequest() {
    try {
      while (requests.isEmpty() && !closed) {
        begins.run();
        wait();
        ends.run();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int write(ByteBuffer from) {
    if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("a fault");
    }
    var copy = ByteBuffer.allocate(from.position()).order(ByteOrder.nativeOrder());
    copy.put(from.duplicate().flip()).flip();
    answers.add(copy);
    return 0;
  }

  @Override
  public int descriptor() {
    return 0;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
