package bailey.cli.syntax;

/**
 * An example in a help text.
 *
 * @param command the whole command line, starting with {@code bailey}
 * @param meaning what it does, a few words
 */
public record Example(String command, String meaning) {}
