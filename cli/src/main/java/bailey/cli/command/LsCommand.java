package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import java.util.List;

/** Shows the tree of containers and what each uses. */
final class LsCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("ls", "shows the tree of containers and what they use")
        .description(
            "Shows all containers, each below the one that it is in, with what it and those in it"
                + " use now.")
        .group("Options", flag("json", "prints JSON, with exact values"))
        .inHierarchy()
        .example("bailey ls", "everything at a glance")
        .example("bailey ls --json", "the same for programs")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      var containers = Listed.of(system.containers());
      var output = invocation.output();
      output.print(
          invocation.has("json") ? json(containers) : table(containers).print(output.colour()));
    }
    return 0;
  }

  private static Table table(List<Listed> containers) {
    var table = new Table("NAME", "STATE", ">TASKS", ">MEMORY", ">LIMIT", ">CPU TIME");
    for (var container : containers) {
      var usage = UsageReader.read(container.container());
      table.row(
          List.of(
              new Cell(indented(container.name()), Tone.PLAIN),
              States.cell(container.state()),
              new Cell(HumanText.number(usage.tasks()), Tone.PLAIN),
              new Cell(HumanText.bytes(usage.memoryBytes()), Tone.PLAIN),
              new Cell(HumanText.bytes(usage.memoryLimitBytes()), Tone.PLAIN),
              new Cell(HumanText.micros(usage.cpuMicros()), Tone.PLAIN)));
    }
    return table;
  }

  /** The last part of a name, moved in by the number of those before it. */
  private static String indented(String name) {
    long depth = name.chars().filter(c -> c == '/').count();
    return "  ".repeat((int) depth) + name.substring(name.lastIndexOf('/') + 1);
  }

  private static String json(List<Listed> containers) {
    return Json.pretty(
        out -> {
          out.writeStartArray();
          for (var container : containers) {
            out.writeStartObject();
            out.writeStringField("name", container.name());
            out.writeStringField("state", container.state().toString());
            UsageReader.write(out, UsageReader.read(container.container()));
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }
}
