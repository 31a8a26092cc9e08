package bailey.linux.sys;

import bailey.core.abi.Errno;
import bailey.core.abi.Sys;
import bailey.core.kernel.FileServing;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One thread's way to an open /dev/fuse that does not wait (O_NONBLOCK). */
final class FuseLane implements FileServing.Channel.Lane {
  private final OwnedFd fd;
  private final long request;
  private final long room;
  private final long answer;
  private final ByteBuffer answers;
  private final ByteBuffer poll =
      ByteBuffer.allocateDirect(Layout.POLLFD_SIZE).order(ByteOrder.nativeOrder());
  private final long pollAddress = MemorySegment.ofBuffer(poll).address();
  private final SystemCall.Prepared read = new SystemCall.Prepared(Sys.READ);
  private final SystemCall.Prepared write = new SystemCall.Prepared(Sys.WRITE);
  private final SystemCall.Prepared sleep = new SystemCall.Prepared(Sys.PPOLL);
  private final Processor processor = new Processor();

  /** Both buffers are direct, which keeps them where they are. */
  FuseLane(OwnedFd fd, ByteBuffer requests, ByteBuffer answers) {
    this.fd = fd;
    this.request = MemorySegment.ofBuffer(requests.duplicate().clear()).address();
    this.room = requests.capacity();
    this.answers = answers;
    this.answer = MemorySegment.ofBuffer(answers.duplicate().clear()).address();
  }

  @Override
  public int take() {
    while (true) {
      int number = fd.numberIfOpen();
      long n = number < 0 ? -Errno.ENODEV.number() : read.call(number, request, room, 0);
      if (n != -Errno.EINTR.number()) {
        return (int) n;
      }
    }
  }

  /** Whatever is the answer, {@link #take} tells what there is. */
  @Override
  public void await() {
    if (fd.numberIfOpen() < 0) {
      return;
    }
    poll.putInt(0, fd.numberIfOpen()).putShort(Layout.POLLFD_EVENTS, (short) Layout.POLLIN);
    var _ = sleep.call(pollAddress, 1, 0, 0);
  }

  @Override
  public int write() {
    long n = write.call(fd.number(), answer, answers.position(), 0);
    return n < 0 ? (int) n : 0;
  }

  @Override
  public void join(int thread) {
    processor.join(thread);
  }
}
