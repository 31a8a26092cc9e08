package bailey.linux.proc;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;
import java.util.OptionalLong;

/**
 * What the kernel told this process when it was started (/proc/self/auxv, getauxval(3)): the only
 * file that has the size of a page.
 */
public final class AuxiliaryVector {
  private static final long AT_PAGESZ = 6;

  private AuxiliaryVector() {}

  /**
   * The size of a page of this machine in bytes, a power of two.
   *
   * @throws IllegalStateException if the file cannot be read
   */
  public static long pageSize() {
    try (var in = new FileInputStream("/proc/self/auxv")) {
      return value(in.readAllBytes(), AT_PAGESZ).orElseThrow();
    } catch (IOException | NoSuchElementException e) {
      throw new IllegalStateException(
          "reading the size of a page from /proc/self/auxv failed: " + e.getMessage(), e);
    }
  }

  /** The value of {@code key} in pairs of 8-byte numbers, empty if it is not there. */
  static OptionalLong value(byte[] pairs, long key) {
    var words = ByteBuffer.wrap(pairs).order(ByteOrder.nativeOrder());
    while (words.remaining() >= 16) {
      long found = words.getLong();
      long value = words.getLong();
      if (found == key) {
        return OptionalLong.of(value);
      }
    }
    return OptionalLong.empty();
  }
}
