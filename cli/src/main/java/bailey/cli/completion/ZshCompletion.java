package bailey.cli.completion;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.OptionSyntax;
import java.util.ArrayList;
import java.util.List;

/** For zsh, by its {@code _arguments}. */
final class ZshCompletion {
  private static final String HEAD =
      """
      #compdef bailey
      # zsh completion for bailey, made by: bailey completion zsh
      # To use it: put it as _bailey into a folder of $fpath

      _bailey_containers() {
        local -a names
        names=("${(@f)$($_bailey_program ps --all --quiet 2> /dev/null)}")
        names=(${names:#})
        compadd -a names
      }

      _bailey() {
        local context state line _bailey_program=$words[1]
        typeset -A opt_args
        local -a subcommands=(
      """;

  private static final String MIDDLE =
      """
        )
        if (( CURRENT == 2 )); then
          _describe 'command' subcommands
          return
        fi
        shift words
        (( CURRENT-- ))
        _bailey_command
      }

      _bailey_run_after_explain() {
        words[1]=run
        _bailey_command
      }

      _bailey_command() {
        case $words[1] in
      """;

  private static final String END =
      """
        esac
      }

      # loaded by compinit: called for the first completion; sourced: registered
      if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
        _bailey "$@"
      else
        compdef _bailey bailey
      fi
      """;

  private ZshCompletion() {}

  static String script(List<CommandSyntax> commands) {
    var out = new StringBuilder(HEAD);
    for (var command : commands) {
      out.append("    ").append(Completion.quoted(command.name() + ":" + command.summary()));
      out.append('\n');
    }
    out.append(MIDDLE);
    for (var command : commands) {
      out.append("    ").append(command.name()).append(")\n      _arguments -s -S");
      for (var option : Completion.options(command)) {
        out.append(" \\\n        ").append(option(option));
      }
      for (var operand : operands(command)) {
        out.append(" \\\n        ").append(operand);
      }
      out.append("\n      ;;\n");
    }
    return out.append(END).toString();
  }

  private static String option(OptionSyntax option) {
    String text = "[" + option.help().replace("[", "\\[").replace("]", "\\]") + "]";
    if (option.hasValue()) {
      text += ":" + option.value().replace(":", "\\:") + ":" + action(option.completes());
    }
    String repeated = option.repeated() ? "*" : "";
    if (option.letter() == '\0') {
      String equals = option.hasValue() ? "=" : "";
      return Completion.quoted(repeated + option.written() + equals + text);
    }
    String both = "-" + option.letter() + " " + option.written();
    String excluded = option.repeated() ? "'*'" : "'(" + both + ")'";
    String equals = option.hasValue() ? "=" : "";
    return excluded
        + "{-"
        + option.letter()
        + ","
        + option.written()
        + equals
        + "}"
        + Completion.quoted(text);
  }

  private static List<String> operands(CommandSyntax command) {
    var offered = command.operands();
    var all = new ArrayList<String>();
    for (int i = 0; i < offered.size(); i++) {
      var completes = offered.get(i);
      boolean rest = i == offered.size() - 1 && command.most() > offered.size();
      if (completes.kind() == Completes.Kind.PROGRAM) {
        all.add("'(-)" + (i + 1) + ":program:_command_names -e'");
        all.add("'*::argument:_normal'");
      } else if (command.name().equals("explain")) {
        all.add("'*::command:_bailey_run_after_explain'");
      } else {
        all.add("'" + (rest ? "*" : i + 1) + ":argument:" + action(completes) + "'");
      }
    }
    return all;
  }

  private static String action(Completes completes) {
    return switch (completes.kind()) {
      case NOTHING, PROGRAM -> "";
      case WORDS -> "(" + String.join(" ", completes.words()) + ")";
      case FILE -> "_files";
      case DIRECTORY -> "_directories";
      case CONTAINER -> "_bailey_containers";
      case USER -> "_users";
    };
  }
}
