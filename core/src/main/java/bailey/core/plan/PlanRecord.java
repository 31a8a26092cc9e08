package bailey.core.plan;

import bailey.core.abi.KernelText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a plan collected about a container at its end: numbers, and files of the kernel as they were
 * read. The binary form is the executor's: entries of kind, key length, data length, key, data.
 *
 * @param numbers by key
 * @param files the text of each file that was there, by key
 */
public record PlanRecord(Map<String, Long> numbers, Map<String, String> files) {
  /** Copies both. */
  public PlanRecord {
    numbers = Map.copyOf(numbers);
    files = Map.copyOf(files);
  }

  /** The number of {@code key}, empty if it was not noted. */
  public OptionalLong number(String key) {
    Long value = numbers.get(key);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** The text of the file of {@code key}, or an empty string if it was not there. */
  public String file(String key) {
    return files.getOrDefault(key, "");
  }

  /**
   * Reads the binary form.
   *
   * @throws IllegalArgumentException if it is cut short or not one
   */
  public static PlanRecord parse(byte[] bytes) {
    var numbers = new LinkedHashMap<String, Long>();
    var files = new LinkedHashMap<String, String>();
    for (int at = 0; at < bytes.length; ) {
      if (at + 4 > bytes.length) {
        throw new IllegalArgumentException("a record cut short at byte " + at);
      }
      int kind = bytes[at];
      int key = bytes[at + 1] & 0xFF;
      int length = (bytes[at + 2] & 0xFF) | ((bytes[at + 3] & 0xFF) << 8);
      int data = at + 4 + key;
      if (data + (kind == 1 ? 8 : length) > bytes.length || kind < 0 || kind > 1) {
        throw new IllegalArgumentException("a damaged entry at byte " + at);
      }
      String name = KernelText.decode(bytes, at + 4, data);
      if (kind == 1) {
        numbers.put(name, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(data));
        at = data + 8;
      } else {
        files.put(name, KernelText.decode(bytes, data, data + length));
        at = data + length;
      }
    }
    return new PlanRecord(numbers, files);
  }
}
