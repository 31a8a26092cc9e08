package bailey.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.ContainerSystem;
import bailey.cli.command.Service;
import bailey.cli.command.Systems;
import bailey.cli.output.Colour;
import bailey.cli.output.Output;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.StepFailed;
import bailey.core.kernel.Call;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Systems systems =
      _ -> {
        throw new ContainerBusy("opened");
      };

  private int bailey(String... arguments) {
    return new Main(
            Call.none(),
            InputStream.nullInputStream(),
            new Output(out, err, Colour.OFF),
            systems,
            Service.NONE)
        .run(List.of(arguments));
  }

  @Test
  void withoutArgumentsItListsTheCommands() {
    assertThat(bailey()).isZero();
    assertThat(out.toString(UTF_8)).startsWith("Usage: bailey COMMAND").contains("\n  run ");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"help,run", "run,--help", "run,-h"})
  void helpCanBeAskedForInEachWay(String first, String second) {
    assertThat(bailey(first, second)).isZero();
    assertThat(out.toString(UTF_8)).startsWith("Usage: bailey run [OPTION...] [--] COMMAND");
  }

  @ParameterizedTest
  @CsvSource({"--help", "-h", "help"})
  void helpForAll(String word) {
    assertThat(bailey(word)).isZero();
    assertThat(out.toString(UTF_8)).startsWith("Usage: bailey COMMAND");
  }

  @ParameterizedTest
  @CsvSource({"--version", "version"})
  void version(String word) {
    assertThat(bailey(word)).isZero();
    assertThat(out.toString(UTF_8)).startsWith("bailey ").contains("JDK");
  }

  @Test
  void containerMayStandBeforeACommand() {
    assertThat(bailey("container", "show", "--help")).isZero();
    assertThat(out.toString(UTF_8)).startsWith("Usage: bailey show [OPTION...] NAME...");
    assertThat(bailey("container")).isEqualTo(Main.FAILED);
    assertThat(err.toString(UTF_8)).contains("there is no command container");
  }

  @Test
  void anUnknownCommandIsOneSentence() {
    assertThat(bailey("rnu", "x")).isEqualTo(125);
    assertThat(err)
        .hasToString(
            "bailey: there is no command rnu; did you mean run?; bailey help lists what there"
                + " is\n");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void badOptionsAreRefusedBeforeAnythingIsOpened() {
    assertThat(bailey("run", "--memory", "64Q", "true")).isEqualTo(125);
    assertThat(err.toString(UTF_8))
        .startsWith("bailey: --memory: 64Q is not a size")
        .endsWith("64M\n");
  }

  @Test
  void failuresHaveTheStatusThatOtherContainerToolsUse() {
    systems = _ -> failing(new BadRequest("bad"));
    assertThat(bailey("run", "true")).isEqualTo(125);
    systems = _ -> failing(new StepFailed("executing x", 9, 2, null, true));
    assertThat(bailey("run", "x")).isEqualTo(127);
    systems = _ -> failing(new StepFailed("executing x", 9, 13, null, true));
    assertThat(bailey("run", "x")).isEqualTo(126);
    systems = _ -> failing(new StepFailed("mounting x", 3, 2, "Do this.", false));
    assertThat(bailey("run", "x")).isEqualTo(125);
    assertThat(err.toString(UTF_8).lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("bailey: "))
        .last()
        .asString()
        .contains("mounting x failed", "Do this.");
  }

  private static ContainerSystem failing(RuntimeException e) {
    throw e;
  }
}
