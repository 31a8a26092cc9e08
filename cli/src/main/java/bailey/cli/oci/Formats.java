package bailey.cli.oci;

import bailey.core.error.BadRequest;

/** What the option {@code --format} chooses. */
final class Formats {
  private Formats() {}

  /** Whether JSON is asked for, not a table. */
  static boolean isJson(VerbCall call) {
    String format = call.value("format", "table");
    return switch (format) {
      case "json" -> true;
      case "table" -> false;
      default ->
          throw new BadRequest("--format: there is no format " + format + "; write table or json");
    };
  }
}
