package bailey.cli.command;

import bailey.Container;
import bailey.Usage;
import bailey.cli.output.Json;
import bailey.core.error.ContainerException;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.OptionalLong;

/** What containers use, for lists: one that ends meanwhile must not stop the list. */
final class UsageReader {
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final Usage UNKNOWN =
      new Usage(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE);

  private UsageReader() {}

  /** What it uses; nothing known where it cannot be asked. */
  static Usage read(Container container) {
    try {
      return container.usage();
    } catch (ContainerException _) { // it ended, or has no control groups
      return UNKNOWN;
    }
  }

  /** The fields of a usage. */
  static void write(JsonGenerator out, Usage usage) throws IOException {
    Json.number(out, "memoryBytes", usage.memoryBytes());
    Json.number(out, "peakMemoryBytes", usage.peakMemoryBytes());
    Json.number(out, "memoryLimitBytes", usage.memoryLimitBytes());
    Json.number(out, "cpuMicros", usage.cpuMicros());
    Json.number(out, "throttledMicros", usage.throttledMicros());
    Json.number(out, "tasks", usage.tasks());
    Json.number(out, "peakTasks", usage.peakTasks());
    Json.number(out, "ioReadBytes", usage.ioReadBytes());
    Json.number(out, "ioWriteBytes", usage.ioWriteBytes());
  }
}
