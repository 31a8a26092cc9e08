package bailey.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.ExitReport;
import bailey.cli.output.Colour;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static final Instant START = Instant.parse("2026-11-22T04:05:06.100Z");

  private static final ExitReport KILLED =
      new ExitReport(
          "ci/job",
          List.of("sh", "-c", "eat all"),
          START,
          START.plusMillis(2400),
          OptionalInt.empty(),
          OptionalInt.of(9),
          Optional.of(ExitReport.MEMORY),
          true,
          Optional.of("sh (7)"),
          OptionalLong.of(67108864),
          OptionalLong.of(67108864),
          OptionalLong.of(1234567),
          OptionalLong.of(300000),
          OptionalLong.of(3),
          OptionalLong.of(2));

  private static final ExitReport PLAIN =
      new ExitReport(
          "web",
          List.of("true"),
          START,
          START.plusSeconds(1),
          OptionalInt.of(0),
          OptionalInt.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  @Test
  void tellsWhatItUsed() {
    assertThat(Reports.text(KILLED, ZoneOffset.UTC, Colour.OFF))
        .isEqualTo(
            KILLED.sentence()
                + """

                  command      sh -c 'eat all'
                  time         2026-11-22 04:05:06 to 2026-11-22 04:05:08
                  memory       at most 64M of 64M
                  CPU          1.23s, held back for 300ms
                  tasks        at most 3, refused 2
                  killed       sh (7)
                """);
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    assertThat(Reports.text(PLAIN, ZoneOffset.ofHours(2), Colour.ON))
        .isEqualTo(
            PLAIN.sentence()
                + """

                  command      true
                  time         2026-11-22 06:05:06 to 2026-11-22 06:05:07
                  memory       at most -
                  CPU          -
                  tasks        at most -
                """);
  }

  @Test
  void aBadEndIsRedOnATerminal() {
    assertThat(Reports.text(KILLED, ZoneOffset.UTC, Colour.ON)).startsWith("\033[31mci/job was");
  }

  @Test
  void jsonIsExact() {
    assertThat(Reports.json(KILLED))
        .isEqualTo(
            """
            {
              "name": "ci/job",
              "command": [
                "sh",
                "-c",
                "eat all"
              ],
              "sentence": "%s",
              "started": "2026-11-22T04:05:06.100Z",
              "ended": "2026-11-22T04:05:08.500Z",
              "status": 137,
              "exitCode": null,
              "signal": 9,
              "limit": "memory",
              "outOfMemory": true,
              "victim": "sh (7)",
              "peakMemoryBytes": 67108864,
              "memoryLimitBytes": 67108864,
              "cpuMicros": 1234567,
              "throttledMicros": 300000,
              "peakTasks": 3,
              "refusedTasks": 2
            }
            """
                .formatted(KILLED.sentence()));
    assertThat(Reports.json(PLAIN)).contains("\"limit\": null", "\"peakMemoryBytes\": null");
  }
}
