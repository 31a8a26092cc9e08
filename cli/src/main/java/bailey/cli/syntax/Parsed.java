package bailey.cli.syntax;

import java.util.List;

/**
 * The arguments of a command, parsed.
 *
 * @param syntax whose
 * @param options in the order in which they were given, each by its first name
 * @param arguments what is not an option
 */
public record Parsed(CommandSyntax syntax, List<Given> options, List<String> arguments) {
  /**
   * An option that was given.
   *
   * @param name its first name, without hyphens
   * @param value empty if it has none
   */
  public record Given(String name, String value) {}

  /** Copies. */
  public Parsed {
    options = List.copyOf(options);
    arguments = List.copyOf(arguments);
  }

  /** Whether an option was given. */
  public boolean has(String name) {
    for (var given : options) {
      if (given.name.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The value given last for an option, or {@code otherwise}. */
  public String value(String name, String otherwise) {
    String value = otherwise;
    for (var given : options) {
      if (given.name.equals(name)) {
        value = given.value;
      }
    }
    return value;
  }
}
