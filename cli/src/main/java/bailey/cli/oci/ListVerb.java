package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.oci.output.OciState;
import bailey.oci.runtime.OciRuntime;
import java.util.List;

/** Lists the containers there are. */
final class ListVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci list", "lists the containers there are")
        .description("Lists the containers that were made below the directory of --root.")
        .group(
            "Options",
            value("format", "FORMAT", "json", "table or json; table unless given")
                .letter('f')
                .completing(Completes.oneOf("table", "json")),
            flag("quiet", "ids only").letter('q'))
        .example("bailey oci list", "all of them")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    var all = call.runtime().list();
    if (call.has("quiet")) {
      all.forEach(shown -> call.output().line(shown.state().id()));
    } else if (Formats.isJson(call)) {
      call.output()
          .line(
              OciState.list(
                  all.stream().map(OciRuntime.Shown::state).toList(),
                  all.stream().map(OciRuntime.Shown::additions).toList()));
    } else {
      call.output().print(table(all).print(call.output().colour()));
    }
    return 0;
  }

  private static Table table(List<OciRuntime.Shown> all) {
    var table = new Table("ID", ">PID", "STATUS", "BUNDLE", "CREATED", "OWNER");
    for (var shown : all) {
      var state = shown.state();
      table.row(
          List.of(
              cell(state.id()),
              cell(Integer.toString(state.pid())),
              cell(state.status().word()),
              cell(state.bundle()),
              cell(shown.additions().created()),
              cell(shown.additions().owner())));
    }
    return table;
  }

  private static Cell cell(String text) {
    return new Cell(text, Tone.PLAIN);
  }
}
