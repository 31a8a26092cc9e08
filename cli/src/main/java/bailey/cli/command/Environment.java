package bailey.cli.command;

import bailey.core.abi.KernelText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process was started with, byte for byte: the JVM decodes arguments and environment by the
 * locale, and loses what does not fit.
 *
 * @param variables its environment, in order; of a name that occurs twice the first counts, as for
 *     getenv(3)
 */
public record Environment(Map<String, String> variables) {
  /** Names the state directory of this machine. */
  public static final String STATE = "BAILEY_STATE";

  /** Copies. */
  public Environment {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }

  /** The value of a variable, or {@code otherwise}. */
  public String get(String name, String otherwise) {
    return variables.getOrDefault(name, otherwise);
  }

  /** Reads {@code /proc/PID/environ}: {@code NAME=VALUE}, each ended by NUL. */
  public static Environment parse(byte[] environ) {
    var variables = new LinkedHashMap<String, String>();
    for (var entry : strings(environ)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return new Environment(variables);
  }

  /**
   * The last {@code count} of the arguments in {@code /proc/PID/cmdline}: those of the program,
   * after those of the JVM; empty if there are fewer.
   */
  public static List<String> lastArguments(byte[] cmdline, int count) {
    var all = strings(cmdline);
    return count > all.size()
        ? List.of()
        : List.copyOf(all.subList(all.size() - count, all.size()));
  }

  private static List<String> strings(byte[] bytes) {
    var all = new ArrayList<String>();
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == 0) {
        all.add(KernelText.decode(bytes, from, at));
        from = at + 1;
      }
    }
    if (from < bytes.length) {
      all.add(KernelText.decode(bytes, from, bytes.length));
    }
    return all;
  }
}
