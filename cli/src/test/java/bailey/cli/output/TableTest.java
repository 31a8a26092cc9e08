package bailey.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAlignedAndLinesEndWithTheirText() {
    var table = new Table("NAME", ">MEMORY", "COMMAND");
    table.row("web", "1.5M", "nginx -g");
    table.row("ci/job-42", "900", "");
    assertThat(table.print(Colour.OFF))
        .isEqualTo(
            """
            NAME       MEMORY  COMMAND
            web          1.5M  nginx -g
            ci/job-42     900
            """);
  }

  @Test
  void aNameCannotBreakALineOrDriveTheTerminal() {
    var table = new Table("NAME", "STATE");
    table.row("a\n\033[31mb", "running");
    assertThat(table.print(Colour.OFF))
        .isEqualTo(
            """
            NAME          STATE
            a\\n\\x1b[31mb  running
            """);
  }

  @Test
  void wideCharactersTakeTwoColumns() {
    var table = new Table("NAME", "STATE");
    table.row("日本", "running");
    table.row("über", "running");
    assertThat(table.print(Colour.OFF))
        .isEqualTo(
            """
            NAME  STATE
            日本  running
            über  running
            """);
  }

  @Test
  void colourDoesNotMoveColumns() {
    var table = new Table("NAME", "STATE");
    table.row(
        List.of(new Table.Cell("web", Table.Tone.GOOD), new Table.Cell("running", Table.Tone.BAD)));
    assertThat(table.print(Colour.ON))
        .isEqualTo(
            """
            \033[2mNAME\033[0m  \033[2mSTATE\033[0m
            \033[32mweb\033[0m   \033[31mrunning\033[0m
            """);
  }
}
