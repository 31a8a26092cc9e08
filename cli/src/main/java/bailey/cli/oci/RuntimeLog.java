package bailey.cli.oci;

import bailey.core.error.BadRequest;
import bailey.oci.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The log that an engine names by {@code --log}, from which it takes why something failed: a line
 * for each message, as JSON or as runc writes it.
 *
 * @param file where it is written to; empty: nowhere
 * @param json whether as JSON
 */
record RuntimeLog(Optional<Path> file, boolean json) {
  /** Nowhere. */
  static final RuntimeLog NONE = new RuntimeLog(Optional.empty(), false);

  /** Something failed. */
  void error(String message) {
    write("error", message);
  }

  /** Something was ignored. */
  void warning(String message) {
    write("warning", message);
  }

  private void write(String level, String message) {
    if (file.isEmpty()) {
      return;
    }
    String line = json ? json(level, message) : text(level, message);
    try {
      Files.writeString(
          file.get(),
          line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new BadRequest(
          "--log: " + file.get() + " cannot be written: " + e.getMessage() + "; name another", e);
    }
  }

  private static String time() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String json(String level, String message) {
    return JsonWriter.line()
        .object()
        .field("level", level)
        .field("msg", message)
        .field("time", time())
        .end()
        .text();
  }

  private static String text(String level, String message) {
    return "time=\""
        + time()
        + "\" level="
        + level
        + " msg=\""
        + message.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\"";
  }
}
