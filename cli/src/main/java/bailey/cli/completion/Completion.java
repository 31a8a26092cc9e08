package bailey.cli.completion;

import bailey.cli.syntax.ArgumentParser;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.OptionSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the scripts of all shells have in common. */
public final class Completion {
  private Completion() {}

  /** The shells that there are scripts for. */
  public static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  /** The script for one of {@link #SHELLS}. */
  public static String script(String shell, List<CommandSyntax> commands) {
    return switch (shell) {
      case "bash" -> BashCompletion.script(commands);
      case "zsh" -> ZshCompletion.script(commands);
      case "fish" -> FishCompletion.script(commands);
      default -> throw new IllegalArgumentException(shell);
    };
  }

  /** The options of a command, with the one that all have. */
  static List<OptionSyntax> options(CommandSyntax command) {
    var all = new ArrayList<OptionSyntax>();
    for (var option : command.options()) {
      if (option.shown()) {
        all.add(option);
      }
    }
    all.add(ArgumentParser.HELP);
    return all;
  }

  /** Its option letters and names as written: {@code -m --memory}. */
  static List<String> written(OptionSyntax option) {
    return option.letter() == '\0'
        ? List.of(option.written())
        : List.of("-" + option.letter(), option.written());
  }

  /** {@code words}, {@code file} and so on: the scripts' names for what is offered. */
  static String lower(Completes.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** In single quotes for a Bourne shell, also inside of them. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
