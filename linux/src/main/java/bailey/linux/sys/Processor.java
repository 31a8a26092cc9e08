package bailey.linux.sys;

import bailey.core.abi.Sys;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** On which processor the calling thread is. One thread at a time. */
final class Processor {
  private static final int ROOM = 1024;

  /** Of 8192 processors, the most that Linux is built for. */
  private static final int MASK = 1024;

  /** In /proc/TID/stat, counted from the name: "processor", field 39; the name is field 2. */
  private static final int FIELD = 39 - 2;

  private final ByteBuffer text = direct(ROOM);
  private final ByteBuffer mask = direct(MASK);
  private final ByteBuffer one = direct(MASK);
  private boolean refused;

  private static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  private static long address(ByteBuffer direct) {
    return MemorySegment.ofBuffer(direct).address();
  }

  /**
   * Goes to the one on which another thread was last, if the calling thread may use it. It may use
   * the same processors afterwards as before: the kernel goes on placing it as it finds best.
   *
   * @param thread its number; nothing is done where there is no such thread
   */
  void join(int thread) {
    int wanted = refused ? -1 : last(thread);
    if (wanted >= 0 && wanted != current()) {
      move(wanted);
    }
  }

  private int current() {
    long result = SystemCall.call(Sys.GETCPU, address(one), 0, 0);
    return result < 0 ? -1 : one.getInt(0);
  }

  /** By sched_setaffinity(2), which moves a thread at once, and puts back what was. */
  private void move(int processor) {
    long size = SystemCall.call(Sys.SCHED_GETAFFINITY, 0, MASK, address(mask));
    int at = processor >>> 3;
    if (size <= at || (mask.get(at) & 1 << (processor & 7)) == 0) {
      return;
    }
    for (int i = 0; i < size; i++) {
      one.put(i, (byte) 0);
    }
    one.put(at, (byte) (1 << (processor & 7)));
    refused = SystemCall.call(Sys.SCHED_SETAFFINITY, 0, size, address(one)) < 0;
    if (!refused) {
      var _ = SystemCall.call(Sys.SCHED_SETAFFINITY, 0, size, address(mask));
    }
  }

  private int last(int thread) {
    try (var stat = OwnedFd.open("/proc/" + thread + "/stat")) {
      long size = SystemCall.call(Sys.READ, stat.number(), address(text), ROOM);
      return size <= 0 ? -1 : processor(text, (int) size);
    } catch (SystemCallRefused _) {
      return -1; // it has ended
    }
  }

  /**
   * Of a thread, as /proc/TID/stat has it; its name, in parentheses, may be any.
   *
   * @return negative where it is not there
   */
  static int processor(ByteBuffer stat, int size) {
    int at = size - 1;
    while (at > 0 && stat.get(at) != ')') {
      at--;
    }
    int fields = 0;
    int number = -1;
    for (at++; at < size && fields <= FIELD; at++) {
      byte letter = stat.get(at);
      if (letter == ' ') {
        fields++;
      } else if (fields == FIELD) {
        number = Math.max(0, number) * 10 + letter - '0';
      }
    }
    return number;
  }
}
