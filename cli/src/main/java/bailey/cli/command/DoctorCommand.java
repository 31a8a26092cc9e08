package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.core.kernel.Ability;
import java.util.List;

/** Says what bailey needs of this machine, and what of it is there. */
final class DoctorCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("doctor", "checks what this machine and user can do")
        .description(
            "Lists every ability of the kernel that bailey uses: whether it is there for this user,"
                + " what it is needed for and, where it is missing, how to get it. Ends with 1 if"
                + " something that every container needs is missing.")
        .group("Options", flag("json", "prints JSON"))
        .example("bailey doctor", "before the first run")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      var abilities = system.abilities();
      var output = invocation.output();
      output.print(
          invocation.has("json") ? json(abilities) : table(abilities).print(output.colour()));
      return 0;
    }
  }

  private static Table table(List<Ability> abilities) {
    var table = new Table("ABILITY", "HERE", "NEEDED FOR", "HOW TO GET IT");
    for (var ability : abilities) {
      table.row(
          List.of(
              new Cell(ability.name(), Tone.PLAIN),
              ability.present() ? new Cell("yes", Tone.GOOD) : new Cell("no", Tone.BAD),
              new Cell(ability.use(), Tone.PLAIN),
              new Cell(ability.remedy(), Tone.PLAIN)));
    }
    return table;
  }

  private static String json(List<Ability> abilities) {
    return Json.pretty(
        out -> {
          out.writeStartArray();
          for (var ability : abilities) {
            out.writeStartObject();
            out.writeStringField("name", ability.name());
            out.writeBooleanField("present", ability.present());
            out.writeStringField("use", ability.use());
            out.writeStringField("remedy", ability.remedy());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }
}
