package bailey.cli.oci;

import bailey.cli.output.Output;
import bailey.cli.syntax.Parsed;
import bailey.oci.runtime.OciRuntime;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A verb as it was called.
 *
 * @param parsed its options and arguments
 * @param directory the caller's working directory
 * @param environment of the caller
 * @param input the caller's standard input
 * @param output where results go
 * @param log what is told besides
 * @param runtime the runtime with its global options
 */
record VerbCall(
    Parsed parsed,
    Path directory,
    Map<String, String> environment,
    InputStream input,
    Output output,
    RuntimeLog log,
    OciRuntime runtime) {
  /** The arguments that are no options. */
  List<String> arguments() {
    return parsed.arguments();
  }

  /** The first argument: the id of a container. */
  String id() {
    return arguments().getFirst();
  }

  /** Whether an option was given. */
  boolean has(String option) {
    return parsed.has(option);
  }

  /** The value of an option. */
  String value(String option, String otherwise) {
    return parsed.value(option, otherwise);
  }

  /** A path as the caller means it. */
  Path path(String text) {
    return directory.resolve(text).normalize();
  }
}
