package bailey.linux.exec;

import bailey.core.plan.PlanCodec;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes events out of a stream of bytes. One thread. */
final class EventReader {
  private static final int MOST_DATA = 16 << 10; // RECORD_SIZE of executor.c
  private static final byte[] NO_DATA = {};

  private final Source source;
  private final byte[] head = new byte[PlanCodec.Event.SIZE];

  /** Where the bytes come from. */
  interface Source {
    /**
     * Fills {@code bytes}.
     *
     * @return false at the end, before the first byte
     * @throws EOFException at the end, after it
     */
    boolean fill(byte[] bytes) throws IOException;
  }

  EventReader(Source source) {
    this.source = source;
  }

  /** The next event, waiting for it; null at the end. */
  PlanCodec.@Nullable Event next() throws IOException {
    if (!source.fill(head)) {
      return null;
    }
    int length = PlanCodec.Event.dataLength(head);
    if (length < 0 || length > MOST_DATA) {
      throw new IOException("an event with " + length + " bytes of data");
    }
    byte[] data = length == 0 ? NO_DATA : new byte[length];
    if (length > 0 && !source.fill(data)) {
      throw new EOFException("an event without its data");
    }
    try {
      return PlanCodec.Event.of(head, data);
    } catch (IllegalArgumentException e) {
      throw new IOException("no event: " + e.getMessage(), e);
    }
  }
}
