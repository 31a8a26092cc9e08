package bailey.containerfs.session;

import bailey.core.abi.Errno;
import bailey.core.kernel.FileServing.Channel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel's side of a device in memory. */
final class FakeChannel implements Channel {
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final BlockingQueue<ByteBuffer> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<ByteBuffer> answers = new LinkedBlockingQueue<>();
  private final AtomicInteger failing = new AtomicInteger();

  /** A request with nothing in its body yet. */
  static ByteBuffer request(int opcode, long unique, long node, int body) {
    var in = ByteBuffer.allocate(40 + body).order(ByteOrder.nativeOrder());
    return in.putInt(0, 40 + body).putInt(4, opcode).putLong(8, unique).putLong(16, node);
  }

  void ask(ByteBuffer request) {
    requests.add(request);
  }

  /** The next answer; waits for it. */
  ByteBuffer answer() throws InterruptedException {
    return answers.take();
  }

  /** Has as many answers from now on end in a fault. */
  void failWrites(int times) {
    failing.set(times);
  }

  boolean hasAnswered() {
    return !answers.isEmpty();
  }

  @Override
  public int read(ByteBuffer into) {
    try {
      var request = requests.take();
      if (request.limit() == 0) {
        requests.add(END); // for the other readers
        return -Errno.ENODEV.number();
      }
      into.put(0, request, 0, request.limit());
      return request.limit();
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
  public void close() {
    requests.add(END);
  }
}
