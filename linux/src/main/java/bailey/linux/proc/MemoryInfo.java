package bailey.linux.proc;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * /proc/meminfo (proc_meminfo(5)).
 *
 * @param values by the names in the file; sizes in bytes, those without a unit are counts
 */
public record MemoryInfo(Map<String, Long> values) {
  /** Copies. */
  public MemoryInfo {
    values = Map.copyOf(values);
  }

  /** Of this machine. */
  public static MemoryInfo read() {
    return parse(KernelFile.readOrEmpty("/proc/meminfo"));
  }

  /** Of the text of the file: lines {@code name: value kB}, or {@code name: value}. */
  public static MemoryInfo parse(String text) {
    var values = new HashMap<String, Long>();
    for (var line : KernelFile.lines(text)) {
      int colon = line.indexOf(':');
      var words = colon <= 0 ? null : KernelFile.words(line.substring(colon + 1));
      if (words == null || words.isEmpty()) {
        continue;
      }
      var number = Digits.decimal(words.getFirst());
      boolean kilobytes = words.size() == 2 && words.get(1).equals("kB");
      if (number.isPresent() && number.getAsLong() <= Long.MAX_VALUE / 1024) {
        values.put(line.substring(0, colon), number.getAsLong() * (kilobytes ? 1024 : 1));
      }
    }
    return new MemoryInfo(values);
  }

  /** A value, empty if this kernel does not tell it. */
  public OptionalLong value(String name) {
    Long value = values.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
