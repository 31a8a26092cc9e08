package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.HelpText;
import bailey.cli.syntax.OptionSyntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps docs/cli.md the same as what the program says of itself. */
class ReferenceTest {
  private static final Path PAGE = Path.of("../docs/cli.md");

  private static final String HEAD =
      """
      # bailey's commands

      This page is made from the tables that the program parses its command line with; `bailey help`
      and `bailey help COMMAND` show the same. A test compares them: to renew the page, run
      `./mvnw -pl cli -am test -Dreference.write=true`.

      ## Rules for all commands

      - Options may stand anywhere after the command's name, except for `run`, `exec`, `clone` and
        `explain`: there the first word that is no option begins the command to be run, and all that
        follows is its own. `--` ends the options.
      - `--option VALUE` and `--option=VALUE` are the same; one-letter options may be joined: `-it`.
      - Arguments may have every byte that the kernel allows, names of containers every character but
        line breaks; they come out as they went in.
        In JSON, a byte that is no UTF-8 is written as `\\udcXX`.
      - Tables are for people: sizes are rounded, in units of 1024. `--json` is for programs: exact, in
        bytes, microseconds and counts; `null` where a value is not known.
      - Colour is used on a terminal only, and not where `NO_COLOR` is set.
      - An error is one sentence on standard error that starts with `bailey: `.
      - Commands are answered by a planner that stays for a while (`bailey help serve`); what they
        need of their caller (directory, environment, terminal, rights) is the caller's all the same.

      | Exit status | Meaning |
      |---|---|
      | 0 | done; for `run`, `exec` and `wait`, the command ended with 0 |
      | 1 | `doctor`: something that bailey cannot do without is missing |
      | 125 | bailey failed: bad options, a step that the kernel refused |
      | 126 | the command cannot be executed |
      | 127 | the command was not found |
      | 128+N | signal N killed the command |
      | any other | the command's own |

      """;

  @Test
  void thePageIsWhatTheProgramSays() throws IOException {
    String page = page();
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  private static String page() {
    var out = new StringBuilder(HEAD);
    out.append("```\n").append(Commands.overview()).append("```\n");
    for (var command : Commands.syntaxes()) {
      command(out, command);
    }
    return out.toString();
  }

  private static void command(StringBuilder out, CommandSyntax command) {
    out.append("\n## ").append(command.name()).append("\n\n`").append(HelpText.usage(command));
    out.append("`\n\n").append(command.description()).append("\n\n");
    for (var group : command.groups()) {
      if (group.options().stream().noneMatch(OptionSyntax::shown)) {
        continue;
      }
      out.append("| ").append(group.title()).append(" | |\n|---|---|\n");
      for (var option : group.options()) {
        option(out, option);
      }
      out.append('\n');
    }
    out.append("```sh\n");
    for (var example : command.examples()) {
      out.append("# ").append(example.meaning()).append('\n');
      out.append(example.command()).append('\n');
    }
    out.append("```\n");
  }

  private static void option(StringBuilder out, OptionSyntax option) {
    out.append("| `");
    if (option.letter() != '\0') {
      out.append('-').append(option.letter()).append("`, `");
    }
    out.append(option.written()).append(option.hasValue() ? " " + option.value() : "");
    out.append("` | ").append(option.help());
    if (!option.aliases().isEmpty()) {
      out.append("; also `--").append(String.join("`, `--", option.aliases())).append('`');
    }
    out.append(" |\n");
  }
}
