package bailey.cli.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentParserTest {
  private static final CommandSyntax RUN =
      CommandSyntax.of("run", "runs")
          .arguments("[--] COMMAND", 1, Integer.MAX_VALUE)
          .optionsFirst()
          .group(
              "All",
              OptionSyntax.value("memory", "SIZE", "64M", "memory").letter('m'),
              OptionSyntax.value("bind", "SOURCE:PATH", "/a:/b", "bind").many().also("volume"),
              OptionSyntax.value("env", "NAME=VALUE", "A=B", "env").letter('e').many(),
              OptionSyntax.flag("tty", "tty").letter('t'),
              OptionSyntax.flag("interactive", "interactive").letter('i'))
          .build();

  private static final CommandSyntax RM =
      CommandSyntax.of("rm", "removes")
          .arguments("NAME...", 1, 2)
          .group("All", OptionSyntax.flag("force", "force").letter('f'))
          .build();

  private static Parsed run(String... arguments) {
    return ArgumentParser.parse(RUN, List.of(arguments));
  }

  @Test
  void optionsEndAtTheFirstArgument() {
    var parsed = run("--memory", "64M", "-it", "ls", "--memory", "-x", "--", "y");
    assertThat(parsed.value("memory", "")).isEqualTo("64M");
    assertThat(parsed.has("tty")).isTrue();
    assertThat(parsed.has("interactive")).isTrue();
    assertThat(parsed.arguments()).containsExactly("ls", "--memory", "-x", "--", "y");
  }

  @Test
  void aProgramMayBeNamedLikeAnOptionAfterTwoHyphens() {
    assertThat(run("--", "--memory", "--").arguments()).containsExactly("--memory", "--");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--memory=64M", "-m64M", "-m=64M"})
  void aValueMayBeJoined(String argument) {
    assertThat(run(argument, "ls").value("memory", "")).isEqualTo("64M");
  }

  @Test
  void valuesAreTakenAsTheyAre() {
    var parsed = run("-e", "A=\"b\"", "--env=\"C\"=", "--env", "D= -x ", "--env", "\uDC80", "ls");
    assertThat(parsed.options())
        .extracting(Parsed.Given::value)
        .containsExactly("A=\"b\"", "\"C\"=", "D= -x ", "\uDC80");
  }

  @Test
  void optionsKeepTheirOrderAndFirstName() {
    var parsed = run("--volume", "/a:/b", "-e", "X=1", "--bind", "/c:/d", "ls");
    assertThat(parsed.options())
        .containsExactly(
            new Parsed.Given("bind", "/a:/b"),
            new Parsed.Given("env", "X=1"),
            new Parsed.Given("bind", "/c:/d"));
  }

  @Test
  void optionsMayFollowArgumentsWhereNoProgramIsRun() {
    var parsed = ArgumentParser.parse(RM, List.of("web", "-f"));
    assertThat(parsed.has("force")).isTrue();
    assertThat(parsed.arguments()).containsExactly("web");
    assertThat(ArgumentParser.parse(RM, List.of("--", "-f")).arguments()).containsExactly("-f");
  }

  @Test
  void helpNeedsNothingElse() {
    assertThat(run("--help").has("help")).isTrue();
    assertThat(run("-h").has("help")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --memroy 64M ls     | run has no option --memroy; did you mean --memory?
          --memroy=64M ls     | run has no option --memroy; did you mean --memory?
          --volumes /a:/b ls  | run has no option --volumes; did you mean --volume?
          --zzzzzz ls         | run has no option --zzzzzz; bailey help run lists those it has
          -x ls               | run has no option -x; bailey help run lists those it has
          -tx ls              | run has no option -tx; bailey help run lists those it has
          -eA=b ls            | -e: the value in -eA=b is not clear; write -e A=b
          --tty=yes ls        | --tty takes no value; write --tty
          --memory            | --memory needs a value; write for example --memory 64M
          --memory --tty ls   | --memory needs a value; write for example --memory 64M
          -m 1 --memory 2 ls  | --memory is given twice; leave one of them out
          --tty --tty ls      | --tty is given twice; leave one of them out
          --tty               | run: an argument is missing; write bailey run [OPTION...] [--] COMMAND
          --                  | run: an argument is missing; write bailey run [OPTION...] [--] COMMAND
          """)
  void mistakesOfRun(String line, String sentence) {
    assertThatThrownBy(() -> run(line.split(" ")))
        .isInstanceOf(BadRequest.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -q web   | rm has no option -q; bailey help rm lists those it has
          web -fq  | rm has no option -fq; bailey help rm lists those it has
          a b c    | rm: "c" is one argument too many; write bailey rm [OPTION...] NAME...
          -f       | rm: an argument is missing; write bailey rm [OPTION...] NAME...
          """)
  void mistakesOfRm(String line, String sentence) {
    assertThatThrownBy(() -> ArgumentParser.parse(RM, List.of(line.split(" "))))
        .isInstanceOf(BadRequest.class)
        .hasMessage(sentence);
  }
}
