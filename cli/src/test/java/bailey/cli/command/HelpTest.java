package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.cli.syntax.ArgumentParser;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.HelpText;
import bailey.cli.syntax.OptionSyntax;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
  static List<CommandSyntax> commands() {
    return Commands.syntaxes();
  }

  @Test
  void everyCommandIsThere() {
    assertThat(commands()).extracting(CommandSyntax::name).isEqualTo(Commands.names());
    assertThat(Commands.names()).doesNotHaveDuplicates();
    assertThat(Commands.overview())
        .contains(Commands.names().stream().map(n -> "\n  " + n).toList());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isCompleteAndFitsOn80Columns(CommandSyntax command) {
    String help = HelpText.of(command);
    assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    assertThat(help.lines()).noneMatch(line -> line.endsWith(" "));
    assertThat(command.description()).isNotBlank().endsWith(".");
    assertThat(command.summary()).isNotBlank().doesNotEndWith(".");
    assertThat(command.examples()).isNotEmpty();
    assertThat(command.options().stream().filter(OptionSyntax::shown))
        .allSatisfy(
            option -> {
              assertThat(option.help()).isNotBlank().doesNotEndWith(".");
              assertThat(option.example().isEmpty()).isEqualTo(!option.hasValue());
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void optionNamesAreUnique(CommandSyntax command) {
    var names = new HashSet<String>();
    for (var option : command.options()) {
      assertThat(names.add(option.name())).as(option.name()).isTrue();
      assertThat(option.aliases()).allMatch(names::add);
      if (option.letter() != '\0') {
        assertThat(names.add("-" + option.letter())).as("-" + option.letter()).isTrue();
      }
    }
  }

  /** What bash makes of an example is what the parser gets. */
  @ParameterizedTest
  @MethodSource("commands")
  void examplesCanBeParsed(CommandSyntax command) throws Exception {
    for (var example : command.examples()) {
      var process =
          new ProcessBuilder(
                  "bash",
                  "--norc",
                  "-c",
                  "bailey() { [[ $1 == \"$NAME\" ]] && printf '%s\\0' \"$@\" > \"$OUT\"; true; }; "
                      + example.command().replaceAll("[<>] ?\\S+", ""))
              .redirectErrorStream(true);
      var out = Files.createTempFile("example", "");
      process.environment().put("NAME", command.name());
      process.environment().put("OUT", out.toString());
      var running = process.start();
      running.getInputStream().readAllBytes();
      running.waitFor();
      String words = Files.readString(out, StandardCharsets.UTF_8);
      Files.delete(out);
      if (words.isEmpty()) {
        continue; // shell things, such as source <(bailey completion bash)
      }
      var arguments = List.of(words.split("\0", -1));
      ArgumentParser.parse(command, arguments.subList(1, arguments.size() - 1));
    }
  }
}
