package bailey.linux.proc;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A file in /proc/PID/fdinfo (proc_pid_fdinfo(5)): what it has depends on what the descriptor is
 * of.
 *
 * @param fields by their names, such as {@code mnt_id} and {@code eventfd-id}
 */
public record DescriptorInfo(Map<String, String> fields) {
  /** Copies. */
  public DescriptorInfo {
    fields = Map.copyOf(fields);
  }

  /** Of a descriptor of a process; without fields if it is gone. */
  public static DescriptorInfo read(long pid, int descriptor) {
    return parse(KernelFile.readOrEmpty("/proc/" + pid + "/fdinfo/" + descriptor));
  }

  /** Of the text of such a file. */
  public static DescriptorInfo parse(String text) {
    var fields = new HashMap<String, String>();
    for (var line : KernelFile.lines(text)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return new DescriptorInfo(fields);
  }

  /** A field that is a number; empty where it is not there, or negative. */
  public OptionalLong number(String field) {
    return Digits.decimal(fields.getOrDefault(field, ""));
  }
}
