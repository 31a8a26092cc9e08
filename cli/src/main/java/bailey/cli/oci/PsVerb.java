package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import java.util.List;
import java.util.stream.Collectors;

/** Lists the processes of a container. */
final class PsVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci ps", "lists the processes of a container")
        .description(
            "Lists the processes of a container by their numbers on the machine, as JSON the"
                + " numbers alone. Options for ps(1) that follow the id have no effect.")
        .arguments("ID [OPTION...]", 1, Integer.MAX_VALUE)
        .optionsFirst()
        .group(
            "Options",
            value("format", "FORMAT", "json", "table or json; table unless given")
                .letter('f')
                .completing(Completes.oneOf("table", "json")))
        .example("bailey oci ps web", "what runs in it")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    var tasks = call.runtime().processes(call.id());
    if (Formats.isJson(call)) {
      call.output()
          .line(
              tasks.stream()
                  .map(task -> Long.toString(task.pid()))
                  .collect(Collectors.joining(",", "[", "]")));
      return 0;
    }
    var table = new Table(">UID", ">PID", ">PPID", "STATE", "CMD");
    for (var task : tasks) {
      table.row(
          List.of(
              cell(Integer.toString(task.uid())),
              cell(Long.toString(task.pid())),
              cell(Long.toString(task.parent())),
              cell(Character.toString(task.state())),
              cell(
                  task.arguments().isEmpty()
                      ? task.command()
                      : String.join(" ", task.arguments()))));
    }
    call.output().print(table.print(call.output().colour()));
    return 0;
  }

  private static Cell cell(String text) {
    return new Cell(text, Tone.PLAIN);
  }
}
