package bailey.linux.sys;

import bailey.core.abi.KernelText;
import bailey.core.abi.Sys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for a series of system calls that one thread makes, and the way to make them. What is put
 * into it keeps its address until it is closed. One thread.
 */
public final class CallMemory implements AutoCloseable {
  private static final int BLOCK = 8192;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = arena.allocate(SystemCall.STATE);
  private final List<MemorySegment> blocks = new ArrayList<>();
  private MemorySegment block = MemorySegment.NULL;
  private long used;

  /** Empty. */
  public CallMemory() {}

  /** The address of {@code text} with an end NUL. */
  public long text(String text) {
    byte[] bytes = KernelText.encode(text);
    return put(bytes, bytes.length + 1L);
  }

  /** The address of these bytes. */
  public long bytes(byte[] bytes) {
    return put(bytes, bytes.length);
  }

  private long put(byte[] bytes, long size) {
    long address = space(size);
    MemorySegment.copy(
        bytes, 0, block, ValueLayout.JAVA_BYTE, address - block.address(), bytes.length);
    return address;
  }

  /** The address of these numbers of 8 bytes. */
  public long words(long[] words) {
    long address = space(8L * words.length);
    MemorySegment.copy(
        words, 0, block, ValueLayout.JAVA_LONG, address - block.address(), words.length);
    return address;
  }

  /** The address of so many bytes, all 0. */
  public long space(long size) {
    if (used + size > block.byteSize()) {
      block = arena.allocate(Math.max(BLOCK, size), 8);
      blocks.add(block);
      used = 0;
    }
    long address = block.address() + used;
    used += (size + 7) & ~7;
    return address;
  }

  /** So many bytes at an address that one of the other methods gave. */
  public byte[] read(long address, int size) {
    for (var each : blocks) {
      long at = address - each.address();
      if (at >= 0 && at + size <= each.byteSize()) {
        return each.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
      }
    }
    throw new IllegalArgumentException(size + " bytes at an address that is not of this memory");
  }

  /** The call's result, or its error number, negative. */
  public long call(Sys call, long a, long b, long c, long d, long e, long f) {
    return SystemCall.made(state, call, a, b, c, d, e, f);
  }

  @Override
  public void close() {
    arena.close();
  }
}
