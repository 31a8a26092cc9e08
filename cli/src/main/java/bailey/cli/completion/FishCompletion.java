package bailey.cli.completion;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import java.util.ArrayList;
import java.util.List;

/** For fish. */
final class FishCompletion {
  private static final String HEAD =
      """
      # fish completion for bailey, made by: bailey completion fish
      # To use it: put it as bailey.fish into ~/.config/fish/completions

      function __bailey_containers
          set -l words (commandline -opc)
          $words[1] ps --all --quiet 2>/dev/null
      end

      # the command whose arguments are typed; after explain run, run
      function __bailey_command
          set -l words (commandline -opc)
          if test "$words[2]" = explain; and contains run $words
              echo run
          else
              echo $words[2]
          end
      end

      # the arguments of the command so far, without options and their values
      function __bailey_operands
          set -l words (commandline -opc)
          set -l command (__bailey_command)
          set -l valued (__bailey_valued $command)
          set -l from 3
          if test "$words[2]" = explain -a $command = run
              set from (math (contains -i run $words) + 1)
          end
          set -l ended 0
          set -l skip 0
          for word in $words[$from..-1]
              if test $ended = 1
                  printf '%s\\n' $word
              else if test $skip = 1
                  set skip 0
              else if test "$word" = --
                  set ended 1
              else if contains -- $word $valued
                  set skip 1
              else if not string match -q -- '-*' $word
                  printf '%s\\n' $word
                  contains $command @FIRST@; and set ended 1
              end
          end
      end

      # whether the options of a command can be typed: not after those of a program
      function __bailey_options_of
          test "$(__bailey_command)" = $argv[1]; or return
          contains $argv[1] @FIRST@; or return 0
          test (count (__bailey_operands)) = 0
      end

      # whether argument number $argv[2] of a command is typed, or with $argv[3] a later one
      function __bailey_operand_of
          test "$(__bailey_command)" = $argv[1]; or return
          set -l count (count (__bailey_operands))
          test $count = $argv[2]; or test "$argv[3]" = more -a $count -gt $argv[2]
      end

      # a program and its arguments, after $argv[1] arguments of bailey's own
      function __bailey_program
          set -l words (__bailey_operands)
          test (count $words) -gt $argv[1]; or string match -qv -- '-*' (commandline -ct); or return
          set -l line (string escape -- $words[(math $argv[1] + 1)..-1]) (commandline -ct)
          complete --do-complete="$line"
      end

      function __bailey_valued
          switch $argv[1]
      @VALUED@
          end
      end

      complete -c bailey -f
      """;

  private FishCompletion() {}

  static String script(List<CommandSyntax> commands) {
    var out =
        new StringBuilder(
            HEAD.replace("@FIRST@", first(commands)).replace("@VALUED@\n", valued(commands)));
    for (var command : commands) {
      out.append("complete -c bailey -n 'test (count (commandline -opc)) -eq 1' -a ")
          .append(command.name())
          .append(" -d ")
          .append(quoted(command.summary()))
          .append('\n');
    }
    for (var command : commands) {
      out.append('\n');
      options(out, command);
      operands(out, command);
    }
    return out.toString();
  }

  private static String first(List<CommandSyntax> commands) {
    return String.join(
        " ",
        commands.stream()
            .filter(command -> command.order() == CommandSyntax.Order.FIRST)
            .map(CommandSyntax::name)
            .toList());
  }

  private static String valued(List<CommandSyntax> commands) {
    var out = new StringBuilder();
    for (var command : commands) {
      var valued = new ArrayList<String>();
      for (var option : command.options()) {
        if (option.hasValue()) {
          valued.addAll(Completion.written(option));
        }
      }
      if (!valued.isEmpty()) {
        out.append("        case ").append(command.name()).append('\n');
        out.append("            printf '%s\\n' ").append(String.join(" ", valued)).append('\n');
      }
    }
    return out.toString();
  }

  private static void options(StringBuilder out, CommandSyntax command) {
    for (var option : Completion.options(command)) {
      out.append("complete -c bailey -n ").append(condition(command));
      out.append(" -l ").append(option.name());
      if (option.letter() != '\0') {
        out.append(" -s ").append(option.letter());
      }
      if (option.hasValue()) {
        out.append(" -r").append(action(option.completes(), 0));
      }
      out.append(" -d ").append(quoted(option.help())).append('\n');
    }
  }

  private static void operands(StringBuilder out, CommandSyntax command) {
    var offered = command.operands();
    for (int i = 0; i < offered.size(); i++) {
      var completes = offered.get(i);
      if (completes.equals(Completes.NOTHING)) {
        continue;
      }
      boolean rest = i == offered.size() - 1 && command.most() > offered.size();
      out.append("complete -c bailey -n '")
          .append("__bailey_operand_of ")
          .append(command.name())
          .append(' ')
          .append(i)
          .append(rest ? " more" : "")
          .append("'")
          .append(action(completes, i))
          .append('\n');
    }
  }

  private static String condition(CommandSyntax command) {
    return "'__bailey_options_of " + command.name() + "'";
  }

  private static String action(Completes completes, int before) {
    return switch (completes.kind()) {
      case NOTHING -> " -f";
      case WORDS -> " -f -a '" + String.join(" ", completes.words()) + "'";
      case FILE -> " -F";
      case DIRECTORY -> " -f -a '(__fish_complete_directories)'";
      case CONTAINER -> " -f -a '(__bailey_containers)'";
      case USER -> " -f -a '(__fish_complete_users)'";
      case PROGRAM -> " -f -a '(__bailey_program " + before + ")'";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
