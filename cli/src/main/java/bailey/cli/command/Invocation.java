package bailey.cli.command;

import bailey.ContainerSystem;
import bailey.cli.output.Output;
import bailey.cli.syntax.Parsed;
import java.util.List;

/**
 * A command as it was called.
 *
 * @param parsed its options and arguments
 * @param environment of bailey's process
 * @param output where results go
 * @param systems opens the container system
 */
public record Invocation(Parsed parsed, Environment environment, Output output, Systems systems) {
  /** Opens the container system, with the containers of the hierarchy that is named. */
  ContainerSystem open() {
    return systems.open(hierarchy());
  }

  /** The hierarchy whose containers are meant. */
  String hierarchy() {
    return parsed.value("hierarchy", ContainerSystem.DEFAULT_HIERARCHY);
  }

  /** The arguments that are no options. */
  List<String> arguments() {
    return parsed.arguments();
  }

  /** Whether an option was given. */
  boolean has(String option) {
    return parsed.has(option);
  }
}
