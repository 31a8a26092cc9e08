package bailey.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.cli.command.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class CompletionTest {
  static final List<String> SHELLS = Completion.SHELLS;

  private static final Path KEPT = Path.of("src/main/completion");

  /**
   * The scripts in the tree are for packages; run this with -Dcompletion.write=true to renew them.
   */
  @ParameterizedTest
  @FieldSource("SHELLS")
  void scriptsInTheTreeAreThoseOfTheTables(String shell) throws IOException {
    var file = KEPT.resolve("bailey." + shell);
    String script = Completion.script(shell, Commands.syntaxes());
    if (Boolean.getBoolean("completion.write")) {
      Files.createDirectories(KEPT);
      Files.writeString(file, script);
    }
    assertThat(script).isEqualTo(Files.readString(file));
  }

  /** A word a line as bash splits them, {@code =} and {@code :} apart; the last is being typed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bailey ru                       | run
          bailey run --roo                | --root
          bailey run --root = /us         | /usr
          bailey run --root /us           | /usr
          bailey run -v /a : /us          | /usr
          bailey run -e A = B --re        | --report --read-only --reveal
          bailey run -- ls /us            | /usr
          bailey run ls --                |
          bailey run -it --pids 3 ls /us  | /usr
          bailey run --net =              | none host
          bailey run --userns ''          | auto host
          bailey explain --               | --json --hierarchy --help
          bailey explain r                | run
          bailey explain run --mem        | --memory
          bailey explain --json run --net n | none
          bailey kill -s US               | USR1 USR2
          bailey kill w                   | web worker
          bailey set web memory.m         | memory.max
          bailey set web memory.max ''    |
          bailey help ex                  | exec explain
          bailey nothing x                |
          """)
  void bashOffersWhatFits(String line, String offered, @TempDir Path folder) throws Exception {
    var script =
        Files.writeString(folder.resolve("script"), Completion.script("bash", Commands.syntaxes()));
    var program =
        Files.writeString(folder.resolve("bailey"), "#!/bin/sh\nprintf 'web\\nworker\\n'\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var process =
        new ProcessBuilder(
                "bash",
                "--norc",
                "-c",
                "source '"
                    + script
                    + "'; COMP_WORDS=("
                    + line.replace("bailey ", program + " ")
                    + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _bailey '"
                    + program
                    + "';"
                    + " echo \"${COMPREPLY[*]}\"")
            .redirectErrorStream(true)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(answer.strip()).isEqualTo(offered == null ? "" : offered);
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void everyCommandIsInEveryScript() {
    for (var shell : Completion.SHELLS) {
      var script = Completion.script(shell, Commands.syntaxes());
      assertThat(Commands.names()).allSatisfy(name -> assertThat(script).contains(name));
    }
  }
}
