package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are about the machine, or about bailey itself. */
class MachineTest {
  @Test
  void doctorSaysWhatIsThereAndWhatForAndHowToGetTheRest() {
    var result = Bailey.run("doctor");
    assertThat(result.status()).as(result.out()).isZero();
    assertThat(result.out()).startsWith("ABILITY");
    var text = Bailey.run("doctor", "--json").out();
    var answer = (Map<?, ?>) JsonTree.parse(text);
    var abilities =
        ((List<?>) Objects.requireNonNull(answer.get("abilities")))
            .stream().map(ability -> (Map<?, ?>) ability).toList();
    assertThat((List<?>) answer.get("changed")).as(text).isEmpty();
    assertThat(abilities).hasSizeGreaterThan(10);
    assertThat(abilities)
        .filteredOn(ability -> Boolean.TRUE.equals(ability.get("needed")))
        .hasSize(16);
    assertThat(abilities)
        .allSatisfy(
            ability -> {
              assertThat((String) ability.get("name")).isNotBlank();
              assertThat((String) ability.get("use")).isNotBlank();
              boolean present = Boolean.TRUE.equals(ability.get("present"));
              assertThat("".equals(ability.get("remedy"))).as("%s", ability).isEqualTo(present);
            });
  }

  @Test
  void gcFindsNothingWhereNothingCrashed() {
    assertThat(Bailey.run("gc").status()).isZero();
    assertThat(Bailey.run("gc", "--json").out()).contains("\"removed\"");
  }

  @Test
  void versionHasANumber() {
    assertThat(Bailey.run("version").out()).matches("bailey [0-9]+\\.[0-9]+\\S* \\(Linux .*\\)\n");
    assertThat(Bailey.run("version", "--json").out()).contains("\"version\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completionForEachShell(String shell) {
    assertThat(Bailey.run("completion", shell).out()).contains("completion for bailey");
  }

  @Test
  void everyCommandHasHelp() {
    var names = new ArrayList<String>();
    Bailey.run("help")
        .out()
        .lines()
        .filter(line -> line.startsWith("  ") && !line.startsWith("  bailey"))
        .forEach(line -> names.add(line.strip().split(" ", 2)[0]));
    assertThat(names).contains("run", "doctor", "gc").hasSizeGreaterThan(15);
    for (var name : names) {
      assertThat(Bailey.run("help", name).out()).startsWith("Usage: bailey " + name);
    }
  }

  @Test
  void aWrongCommandIsOneSentence() {
    var result = Bailey.run("", List.of("rnu"));
    assertThat(result.status()).isEqualTo(125);
    assertThat(result.err())
        .isEqualTo(
            "bailey: there is no command rnu; did you mean run?; bailey help lists what there"
                + " is\n");
  }
}
