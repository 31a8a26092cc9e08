package bailey.cli.command;

import bailey.MoveResult;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import java.util.List;

/** What became of processes that were to be put into a container. */
final class MoveResults {
  private MoveResults() {}

  static String json(String container, MoveResult result) {
    return Json.pretty(
        out -> {
          out.writeStartObject();
          out.writeStringField("container", container);
          out.writeArrayFieldStart("moved");
          for (var moved : result.moved()) {
            out.writeStartObject();
            out.writeNumberField("pid", moved.pid());
            out.writeStringField("name", moved.command());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeArrayFieldStart("stayed");
          for (var stayed : result.stayed()) {
            out.writeStartObject();
            out.writeNumberField("pid", stayed.pid());
            out.writeStringField("name", stayed.command());
            out.writeStringField("reason", stayed.reason());
            out.writeEndObject();
          }
          out.writeEndArray();
          Json.strings(out, "apart", result.apart());
          out.writeEndObject();
        });
  }

  /**
   * All of them.
   *
   * @param done what became of those that moved, such as {@code moved}
   */
  static Table table(MoveResult result, String done) {
    var table = new Table(">PID", "NAME", "WHAT", "WHY");
    for (var moved : result.moved()) {
      table.row(
          List.of(
              new Cell(Long.toString(moved.pid()), Tone.PLAIN),
              new Cell(moved.command(), Tone.PLAIN),
              new Cell(done, Tone.GOOD),
              new Cell("", Tone.PLAIN)));
    }
    for (var stayed : result.stayed()) {
      table.row(
          List.of(
              new Cell(Long.toString(stayed.pid()), Tone.PLAIN),
              new Cell(stayed.command(), Tone.PLAIN),
              new Cell("stays", Tone.DIM),
              new Cell("it " + stayed.reason(), Tone.PLAIN)));
    }
    return table;
  }
}
