package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import bailey.core.subsystem.Subsystems;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads control files of a container. */
final class GetCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("get", "reads the limits and figures of a container")
        .description(
            "Prints the value of control file CONTROL of container NAME; without CONTROL, of all"
                + " that it has, with what they mean. Names and units are those of cgroup v2 on"
                + " every kernel: bytes, microseconds, counts.")
        .arguments(
            "NAME [CONTROL...]", 1, Integer.MAX_VALUE, Completes.CONTAINER, ControlNames.readable())
        .group("Options", flag("json", "prints JSON"), Views.read())
        .inHierarchy()
        .example("bailey get web", "everything that can be read or set")
        .example("bailey get web memory.current", "the memory it uses, in bytes")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var arguments = invocation.arguments();
    var output = invocation.output();
    var view = Views.of(invocation);
    try (var system = invocation.open()) {
      var container = system.container(arguments.getFirst());
      Map<String, String> values = new LinkedHashMap<>();
      for (var control : arguments.subList(1, arguments.size())) {
        values.put(
            control,
            view.map(side -> container.get(control, side))
                .orElseGet(() -> container.effective(control)));
      }
      boolean all = arguments.size() == 1;
      if (all && invocation.has("view")) {
        throw new BadRequest(
            "--view: name the controls that are meant; write bailey get "
                + arguments.getFirst()
                + " memory.max --view effective");
      }
      if (all) {
        values.putAll(container.controls());
      }
      if (invocation.has("json")) {
        output.print(json(values));
      } else if (all) {
        output.print(table(values).print(output.colour()));
      } else {
        values.values().forEach(value -> output.line(value.stripTrailing()));
      }
    }
    return 0;
  }

  private static Table table(Map<String, String> values) {
    var table = new Table("CONTROL", "VALUE", "UNIT", "MEANING");
    var files = new LinkedHashMap<String, ControlFile>();
    for (var subsystem : Subsystems.standard().all()) {
      subsystem.controlFiles().forEach(file -> files.put(file.name(), file));
    }
    values.forEach(
        (name, value) -> {
          var file = files.get(name);
          table.row(
              name,
              HumanText.shortened(value.strip().replace("\n", "; "), 40),
              file == null ? "" : file.unit().name().toLowerCase(Locale.ROOT),
              file == null ? "" : file.description());
        });
    return table;
  }

  private static String json(Map<String, String> values) {
    return Json.pretty(
        out -> {
          out.writeStartObject();
          for (var entry : values.entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue().stripTrailing());
          }
          out.writeEndObject();
        });
  }
}
