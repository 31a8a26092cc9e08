package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.ContainerEvent;
import bailey.ContainerSystem;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows what has happened to containers, or what happens. */
final class EventsCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("events", "shows what happens to containers")
        .description(
            "Shows what was counted of each container NAME, or of all: whether tasks are in it,"
                + " whether it is frozen, how often a limit of memory or tasks was hit."
                + " container.events has the same (bailey help mount). With --follow: what happens"
                + " from now on, a line for each, until Ctrl-C: containers that are made, start,"
                + " end and go, and counts that change.")
        .arguments("[NAME...]", 0, Integer.MAX_VALUE, Completes.CONTAINER)
        .group(
            "Options",
            flag("follow", "what happens from now on").letter('f'),
            value("interval", "TIME", "5s", "with --follow: how long from look to look; 1s"),
            flag("json", "prints JSON; with --follow one object a line"))
        .inHierarchy()
        .example("bailey events web", "how often it ran into its limits")
        .example("bailey events -f --json", "for a program that watches")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      if (invocation.has("follow")) {
        follow(invocation, system);
      } else {
        show(invocation, system);
      }
    }
    return 0;
  }

  private static void show(Invocation invocation, ContainerSystem system) {
    var all = new LinkedHashMap<String, Map<String, Long>>();
    if (invocation.arguments().isEmpty()) {
      for (var container : Listed.of(system.containers())) {
        all.put(container.container().name(), container.container().events());
      }
    } else {
      for (var name : invocation.arguments()) {
        all.put(name, system.container(name).events());
      }
    }
    var output = invocation.output();
    output.print(invocation.has("json") ? json(all) : table(all).print(output.colour()));
  }

  private static Table table(Map<String, Map<String, Long>> all) {
    var table = new Table("NAME", "EVENT", ">COUNT");
    all.forEach(
        (name, counts) ->
            counts.forEach((what, count) -> table.row(name, what, Long.toString(count))));
    return table;
  }

  private static String json(Map<String, Map<String, Long>> all) {
    return Json.pretty(
        out -> {
          out.writeStartArray();
          for (var container : all.entrySet()) {
            out.writeStartObject();
            out.writeStringField("name", container.getKey());
            out.writeObjectFieldStart("events");
            for (var count : container.getValue().entrySet()) {
              out.writeNumberField(count.getKey(), count.getValue());
            }
            out.writeEndObject();
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static void follow(Invocation invocation, ContainerSystem system) {
    Duration interval = Durations.parse("--interval", invocation.parsed().value("interval", "1s"));
    List<String> names = invocation.arguments();
    names.forEach(name -> system.container(name)); // refuses what is not there
    try (var events = system.events(interval)) {
      for (var event = events.next(); event.isPresent(); event = events.next()) {
        if (names.isEmpty() || names.contains(event.get().container())) {
          invocation.output().print(line(invocation, event.get()));
          invocation.output().flush();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(Invocation invocation, ContainerEvent event) {
    return invocation.has("json")
        ? Json.line(
            out -> {
              out.writeStartObject();
              out.writeStringField("seen", event.seen().toString());
              out.writeStringField("name", event.container());
              out.writeStringField("event", event.what());
              out.writeNumberField("count", event.count());
              out.writeEndObject();
            })
        : HumanText.printable(event.container()) + " " + event.what() + " " + event.count() + "\n";
  }
}
