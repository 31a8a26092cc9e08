package bailey.cli.syntax;

import java.util.List;

/**
 * Options that belong together.
 *
 * @param title above them in the help
 * @param options in the order of the help
 */
public record OptionGroup(String title, List<OptionSyntax> options) {
  /** Copies. */
  public OptionGroup {
    options = List.copyOf(options);
  }

  /** With these options. */
  public static OptionGroup of(String title, OptionSyntax... options) {
    return new OptionGroup(title, List.of(options));
  }
}
