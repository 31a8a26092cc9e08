package bailey.cli.syntax;

import java.util.List;

/** Help texts, 80 columns wide. */
public final class HelpText {
  private static final int WIDTH = 80;
  private static final int OPTION_COLUMN = 33;

  private HelpText() {}

  /** What {@code bailey help} shows: {@code sections} are titles with their commands. */
  public static String overview(List<Section> sections) {
    var out = new StringBuilder();
    out.append("Usage: bailey COMMAND [OPTION...] [ARGUMENT...]\n\n");
    paragraph(out, "Process containers for Linux: runs commands in containers and manages them.");
    for (var section : sections) {
      out.append('\n').append(section.title).append(":\n");
      for (var command : section.commands) {
        row(out, "  " + command.name(), 14, command.summary());
      }
    }
    out.append("\nbailey help COMMAND explains a command, with examples. Start with:\n\n");
    out.append("  bailey run --memory 64M --pids 32 -- sh -c 'hostname; id; ps; ls /'\n");
    return out.toString();
  }

  /** Commands under a title. */
  public record Section(String title, List<CommandSyntax> commands) {
    /** Copies. */
    public Section {
      commands = List.copyOf(commands);
    }
  }

  /** What {@code bailey help COMMAND} shows. */
  public static String of(CommandSyntax syntax) {
    var out = new StringBuilder();
    out.append("Usage: ").append(usage(syntax)).append("\n\n");
    for (var text : syntax.description().split("\n\n", -1)) {
      paragraph(out, text);
      out.append('\n');
    }
    for (var group : syntax.groups()) {
      if (group.title().isEmpty()) {
        continue;
      }
      out.append(group.title()).append(":\n");
      for (var option : group.options()) {
        row(out, shown(option), OPTION_COLUMN, option.help());
      }
      out.append('\n');
    }
    out.append("Examples:\n");
    for (var example : syntax.examples()) {
      out.append("  # ").append(example.meaning()).append('\n');
      out.append("  ").append(example.command()).append('\n');
    }
    return out.toString();
  }

  /** The form of a command on one line. */
  public static String usage(CommandSyntax syntax) {
    return "bailey "
        + syntax.name()
        + (syntax.options().stream().anyMatch(OptionSyntax::shown) ? " [OPTION...]" : "")
        + (syntax.arguments().isEmpty() ? "" : " ")
        + syntax.arguments();
  }

  private static String shown(OptionSyntax option) {
    return (option.letter() == '\0' ? "      " : "  -" + option.letter() + ", ")
        + option.written()
        + (option.hasValue() ? " " + option.value() : "");
  }

  private static void row(StringBuilder out, String left, int column, String text) {
    out.append(left);
    int at = left.length();
    if (at + 2 > column) {
      out.append('\n');
      at = 0;
    }
    out.append(" ".repeat(column - at));
    wrap(out, text, column);
  }

  private static void paragraph(StringBuilder out, String text) {
    wrap(out, text, 0);
  }

  /** Appends the words of {@code text}, of which the first goes to {@code column}. */
  private static void wrap(StringBuilder out, String text, int column) {
    int at = column;
    for (var word : text.strip().split("\\s+", -1)) {
      if (at > column && at + 1 + word.length() > WIDTH) {
        out.append('\n').append(" ".repeat(column));
        at = column;
      }
      if (at > column) {
        out.append(' ');
        at++;
      }
      out.append(word);
      at += word.length();
    }
    out.append('\n');
  }
}
