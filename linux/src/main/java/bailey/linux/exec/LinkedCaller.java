package bailey.linux.exec;

import bailey.core.abi.Errno;
import bailey.core.kernel.Call;
import bailey.core.kernel.Caller;
import bailey.core.kernel.PlanExecutor;
import bailey.core.plan.Plan;
import bailey.core.plan.PlanCodec;
import bailey.core.plan.Step;
import bailey.linux.exec.CallFrames.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A caller at the other end of a link, which it owns. */
final class LinkedCaller implements Caller {
  private static final int PIECE = 32 << 10;
  private static final int MOST_DATA = 16 << 10; // RECORD_SIZE of executor.c

  private final CallLink link;
  private final Call call;
  private final Runnable closing;
  private final List<Runnable> afterwards = new ArrayList<>();
  private boolean planned;

  /**
   * That has asked.
   *
   * @param closing is run before the link is closed
   */
  LinkedCaller(CallLink link, Call call, Runnable closing) {
    this.link = link;
    this.call = call;
    this.closing = closing;
  }

  @Override
  public Call call() {
    return call;
  }

  @Override
  public int write(int descriptor, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += PIECE) {
      var piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE));
      send(CallFrames.frame(Frame.WRITE, descriptor, piece));
      long answer = answer().value();
      if (answer != 0) {
        return (int) -answer;
      }
    }
    return 0;
  }

  @Override
  public byte[] read(int descriptor, int most) {
    send(CallFrames.frame(Frame.READ, descriptor, most));
    var answer = answer();
    if (answer.value() < 0) {
      throw new UncheckedIOException(new IOException(Errno.sentence((int) -answer.value())));
    }
    return answer.data;
  }

  private void send(byte[] bytes) {
    try {
      link.send(bytes);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** What it has said: the head of an event, and its data. */
  private static final class Message {
    final byte[] head;
    final byte[] data;

    Message(byte[] head, byte[] data) {
      this.head = head;
      this.data = data;
    }

    int signal() {
      return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    }

    long value() {
      return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    }
  }

  private Message answer() {
    try {
      var message = next(link);
      if (message.signal() != CallFrames.ANSWER) {
        throw new IOException("it did not answer, but said " + message.signal());
      }
      return message;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private static CallerGone gone(IOException e) {
    return new CallerGone("the caller has ended: " + e.getMessage());
  }

  /** What a caller says first, after its request. */
  static int firstSignal(CallLink link) throws IOException {
    return next(link).signal();
  }

  private static Message next(CallLink link) throws IOException {
    var head = new byte[PlanCodec.Event.SIZE];
    if (!link.fill(head)) {
      throw new IOException("the connection was closed");
    }
    int length = PlanCodec.Event.dataLength(head);
    if (length < 0 || length > MOST_DATA) {
      throw new IOException("an event with " + length + " bytes of data");
    }
    var data = new byte[length];
    if (length > 0 && !link.fill(data)) {
      throw new IOException("an event without its data");
    }
    return new Message(head, data);
  }

  @Override
  public PlanExecutor executor() {
    return new CallersExecutor();
  }

  @Override
  public void end(int status) {
    tell(CallFrames.frame(Frame.EXIT, status, 0));
  }

  @Override
  public void afterwards(Runnable work) {
    afterwards.add(work);
  }

  @Override
  public void elsewhere() {
    tell(CallFrames.frame(Frame.ELSEWHERE, 0, 0));
  }

  private void tell(byte[] last) {
    try {
      link.send(last);
    } catch (IOException _) {
      // it does not wait for this any more
    }
  }

  @Override
  public void close() {
    closing.run();
    var _ = Thread.interrupted(); // by its end; an interrupted thread could not write what is kept
    link.close();
    afterwards.forEach(Runnable::run);
  }

  private final class CallersExecutor implements PlanExecutor {
    /**
     * Executes the plan and waits until it has started a command, or has failed and was undone, or
     * is done.
     *
     * @param descriptors none: the caller has its own
     * @throws IllegalStateException if the caller has executed a plan before
     */
    @Override
    public Execution execute(Plan plan, List<Integer> descriptors) {
      if (planned) {
        throw new IllegalStateException("the caller takes one plan");
      }
      if (!descriptors.isEmpty() || !plan.descriptors().isEmpty()) {
        throw new IllegalArgumentException(plan.title() + ": descriptors cannot be sent along");
      }
      planned = true;
      var encoded = PlanCodec.encode(plan, 1);
      var running = new RunningPlan(plan, encoded);
      try {
        link.send(CallFrames.frame(Frame.PLAN, 0, encoded.bytes()));
        follow(running);
      } catch (IOException | IllegalArgumentException e) {
        running.lose("the connection to the executor broke: " + e.getMessage());
      }
      return running;
    }

    private void follow(RunningPlan running) throws IOException {
      while (true) {
        var message = next(link);
        var event = PlanCodec.Event.of(message.head, message.data);
        boolean last = running.accept(event);
        if (last || event.signal() == Step.Signal.STARTED) {
          return;
        }
      }
    }

    /** Nothing: what runs is the caller's. */
    @Override
    public void close() {}
  }
}
