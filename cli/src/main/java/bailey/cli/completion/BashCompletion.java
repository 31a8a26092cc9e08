package bailey.cli.completion;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** For bash, without needing the package bash-completion. */
final class BashCompletion {
  private static final String SCRIPT =
      """
      # bash completion for bailey, made by: bailey completion bash
      # To use it: source <(bailey completion bash), or put it into
      # /usr/share/bash-completion/completions/bailey

      # Offers the words of stdin, a line each, that start with $1; special characters are quoted.
      _bailey_lines() {
        local line
        while IFS= read -r line; do
          [[ $line == "$1"* ]] && COMPREPLY+=("$(printf %q "$line")")
        done
      }

      # _bailey_offer KIND CURRENT [WORD...]
      _bailey_offer() {
        local kind=$1 current=$2
        shift 2
        case $kind in
          words) COMPREPLY=($(compgen -W "$*" -- "$current")) ;;
          file) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
          directory) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
          user) COMPREPLY=($(compgen -u -- "$current")) ;;
          container) _bailey_lines "$current" < <("$bailey" ps --all --quiet 2> /dev/null) ;;
                program)
            if declare -F _command_offset > /dev/null; then
              _command_offset "$operand"
            elif (( COMP_CWORD == operand )); then
              COMPREPLY=($(compgen -c -- "$current"))
            else
              compopt -o filenames 2> /dev/null
              COMPREPLY=($(compgen -f -- "$current"))
            fi
            ;;
        esac
      }

      _bailey() {
        local IFS=$' \\t\\n' bailey=$1 current=${COMP_WORDS[COMP_CWORD]} option word
        local commands='@COMMANDS@'
        local at=1 command options valued first=0 operand=0 count=0 ended=0
        COMPREPLY=()
        if (( COMP_CWORD == 1 )); then
          COMPREPLY=($(compgen -W "$commands" -- "$current"))
          return
        fi
        command=${COMP_WORDS[1]}
        if [[ $command == explain ]]; then # its options, then the whole command line of run
          while (( ++at < COMP_CWORD )); do
            [[ ${COMP_WORDS[at]} == run ]] && command=run && break
          done
          (( at < COMP_CWORD )) || at=1
        fi
        case $command in
      @TABLE@
          *) return ;;
        esac
        # bash splits words at = and :, which are words of their own then
        while (( ++at < COMP_CWORD )); do
          word=${COMP_WORDS[at]} option=
          if (( !ended )) && [[ $word == -- ]]; then
            ended=1
          elif (( !ended )) && [[ " $valued " == *" $word "* ]]; then
            option=$word
            (( ++at ))
            [[ ${COMP_WORDS[at]} == '=' ]] && (( ++at ))
          elif (( ended )) || [[ $word != -* ]]; then
            (( operand )) || operand=$at
            (( ++count, first )) && ended=1
          fi
          while (( at < COMP_CWORD )) && [[ ${COMP_WORDS[at + 1]} == [=:]* ]]; do
            (( at += 2 ))
          done
        done
        [[ $current == [=:]* ]] && current=
        if [[ $option ]] && (( at > COMP_CWORD )); then
          _bailey_value "$command" "$option" "$current"
        elif (( !ended )) && [[ $current == -* ]]; then
          COMPREPLY=($(compgen -W "$options" -- "$current"))
        else
          (( operand )) || operand=$COMP_CWORD
          _bailey_operand "$command" "$count" "$current"
        fi
      }

      _bailey_value() {
        case "$1 $2" in
      @VALUES@
        esac
      }

      _bailey_operand() {
        case "$1 $2" in
      @OPERANDS@
        esac
      }

      complete -F _bailey bailey
      """;

  private BashCompletion() {}

  static String script(List<CommandSyntax> commands) {
    return SCRIPT
        .replace(
            "@COMMANDS@", String.join(" ", commands.stream().map(CommandSyntax::name).toList()))
        .replace("@TABLE@\n", table(commands))
        .replace("@VALUES@\n", values(commands))
        .replace("@OPERANDS@\n", operands(commands));
  }

  private static String table(List<CommandSyntax> commands) {
    var out = new StringBuilder();
    for (var command : commands) {
      var options = new ArrayList<String>();
      var valued = new ArrayList<String>();
      for (var option : Completion.options(command)) {
        options.add(option.written());
        if (option.hasValue()) {
          valued.addAll(Completion.written(option));
        }
      }
      out.append("    ").append(command.name()).append(")\n");
      out.append("      options='").append(String.join(" ", options)).append("'\n");
      out.append("      valued='").append(String.join(" ", valued)).append("'\n");
      if (command.order() == CommandSyntax.Order.FIRST) {
        out.append("      first=1\n");
      }
      out.append("      ;;\n");
    }
    return out.toString();
  }

  /** Commands with equal answers share a line. */
  private static String values(List<CommandSyntax> commands) {
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    for (var command : commands) {
      for (var option : command.options()) {
        if (option.hasValue() && !option.completes().equals(Completes.NOTHING)) {
          for (var written : Completion.written(option)) {
            patterns
                .computeIfAbsent(offer(option.completes()), _ -> new ArrayList<>())
                .add("'" + command.name() + " " + written + "'");
          }
        }
      }
    }
    return lines(patterns);
  }

  private static String operands(List<CommandSyntax> commands) {
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    for (var command : commands) {
      var offered = command.operands();
      for (int i = 0; i < offered.size(); i++) {
        boolean rest = i == offered.size() - 1 && command.most() > offered.size();
        String pattern = rest ? "'" + command.name() + " '*" : "'" + command.name() + " " + i + "'";
        if (!offered.get(i).equals(Completes.NOTHING)) {
          boolean later = i > 0 && offered.get(i).equals(Completes.PROGRAM);
          patterns
              .computeIfAbsent(
                  (later ? "(( operand += " + i + " )); " : "") + offer(offered.get(i)),
                  _ -> new ArrayList<>())
              .add(pattern);
        }
      }
    }
    return lines(patterns);
  }

  private static String lines(Map<String, List<String>> patterns) {
    var out = new StringBuilder();
    patterns.forEach(
        (answer, of) ->
            out.append("    ")
                .append(String.join(" | ", of))
                .append(") ")
                .append(answer)
                .append(" ;;\n"));
    return out.toString();
  }

  private static String offer(Completes completes) {
    var out = new StringBuilder("_bailey_offer ");
    out.append(Completion.lower(completes.kind())).append(" \"$3\"");
    for (var word : completes.words()) {
      out.append(' ').append(word);
    }
    return out.toString();
  }
}
