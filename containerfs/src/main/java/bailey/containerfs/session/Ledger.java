package bailey.containerfs.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Which requests that change something were begun and done, and not answered yet: in a file, whose
 * pages outlive this process, so that the next one does nothing twice. Any thread.
 */
final class Ledger {
  private static final int SLOTS = 1024;
  private static final int SLOT = 16;
  private static final int STATE = 8;

  /** Of an open file: it has bytes that are no whole value yet. */
  private static final int HELD = -1;

  /** Not used. */
  private static final int FREE = 0;

  /** Begun. */
  private static final int BEGUN = 1;

  /** Done; the error number is added, 0 for none. */
  private static final int DONE = 2;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** Of the last place: what was agreed on with the kernel is there. */
  private static final int AGREED = 1;

  /** The place after that: how many servers there were. */
  private static final int SERVERS = (SLOTS + 1) * SLOT;

  private static final int SIZE = (SLOTS + 2) * SLOT;

  private final ByteBuffer slots;
  private final int generation;
  private final ConcurrentLinkedQueue<Integer> free = new ConcurrentLinkedQueue<>();
  private final Map<Long, Integer> before = new ConcurrentHashMap<>();

  private Ledger(ByteBuffer slots) {
    this.slots = slots;
    this.generation = (int) INT.getAcquire(slots, SERVERS);
    INT.setRelease(slots, SERVERS, generation + 1);
    for (int i = 0; i < SLOTS; i++) {
      int state = (int) INT.getAcquire(slots, i * SLOT + STATE);
      if (state != FREE) {
        before.put((long) LONG.getAcquire(slots, i * SLOT), state);
        INT.setRelease(slots, i * SLOT + STATE, FREE);
      }
      free.add(i);
    }
  }

  /** In a file, with what the process before has left in it. */
  static Ledger of(Path file) {
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
      return new Ledger(map);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  /** For a service that ends with its process. */
  static Ledger none() {
    return new Ledger(ByteBuffer.allocateDirect(SIZE));
  }

  /** Notes which flags were agreed on with the kernel, once for all servers of the mount. */
  void agree(long flags) {
    LONG.setRelease(slots, SLOTS * SLOT, flags);
    INT.setRelease(slots, SLOTS * SLOT + STATE, AGREED);
  }

  /** How many servers of this mount there were before. */
  int generation() {
    return generation;
  }

  /** Those flags; none where nothing was agreed on yet, or it is not known. */
  long agreed() {
    return (int) INT.getAcquire(slots, SLOTS * SLOT + STATE) == AGREED
        ? (long) LONG.getAcquire(slots, SLOTS * SLOT)
        : 0;
  }

  /** What became of a request in the process before. */
  sealed interface Fate {
    /** It may be done, or not. */
    record Begun() implements Fate {}

    /** It is, with this error number; 0 for none. */
    record Done(int errno) implements Fate {}
  }

  /** What is known of a request that was sent again; empty if it was not begun. */
  Optional<Fate> fate(long unique) {
    var state = before.remove(unique);
    return state == null
        ? Optional.empty()
        : Optional.of(state == BEGUN ? new Fate.Begun() : new Fate.Done(state - DONE));
  }

  /** Whether bytes that were written to an open file were lost with the process before. */
  boolean lost(long handle) {
    return before.remove(handle, HELD);
  }

  /** Notes that a request is begun; its place, negative where there is none. */
  int begin(long unique) {
    return note(unique, BEGUN);
  }

  /** Notes that an open file has bytes that are no whole value yet; its place. */
  int hold(long handle) {
    return note(handle, HELD);
  }

  private int note(long number, int state) {
    var place = free.poll();
    if (place == null) {
      return -1;
    }
    LONG.setRelease(slots, place * SLOT, number);
    INT.setRelease(slots, place * SLOT + STATE, state);
    return place;
  }

  /** Notes that it is done. */
  void done(int place, int errno) {
    if (place >= 0) {
      INT.setRelease(slots, place * SLOT + STATE, DONE + errno);
    }
  }

  /** It was answered, or is held no more. */
  void answered(int place) {
    if (place >= 0) {
      INT.setRelease(slots, place * SLOT + STATE, FREE);
      free.add(place);
    }
  }
}
