package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.Container;
import bailey.ContainerSystem;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.kernel.TaskInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Lists containers, or the tasks in some. */
final class PsCommand implements Command {
  private static final int COMMAND_WIDTH = 60;

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("ps", "lists containers, or the processes in them")
        .description(
            "Lists the containers in which something runs, with their main process. With NAME,"
                + " lists the processes in those containers, by their number here and inside.")
        .arguments("[NAME...]", 0, Integer.MAX_VALUE, Completes.CONTAINER)
        .group(
            "Options",
            flag("all", "lists those too in which nothing runs").letter('a'),
            flag("quiet", "prints names, or process numbers, only").letter('q'),
            flag("json", "prints JSON"))
        .inHierarchy()
        .example("bailey ps", "what runs")
        .example("bailey ps -aq", "the names of all containers")
        .example("bailey ps web", "the processes in the container web")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      if (invocation.arguments().isEmpty()) {
        containers(invocation, system);
      } else {
        tasks(invocation, system);
      }
    }
    return 0;
  }

  private static void containers(Invocation invocation, ContainerSystem system) {
    var shown = new ArrayList<Listed>();
    for (var container : Listed.of(system.containers())) {
      if (invocation.has("all") || container.active()) {
        shown.add(container);
      }
    }
    var output = invocation.output();
    if (invocation.has("json")) {
      output.print(Json.pretty(out -> containers(out, shown)));
    } else if (invocation.has("quiet")) {
      shown.forEach(container -> output.line(container.name()));
    } else {
      output.print(table(shown, Instant.now()).print(output.colour()));
    }
  }

  private static Table table(List<Listed> containers, Instant now) {
    var table = new Table("NAME", "STATE", ">PID", ">AGE", "COMMAND");
    for (var container : containers) {
      var command = HumanText.command(container.command());
      table.row(
          List.of(
              new Cell(container.name(), Tone.PLAIN),
              States.cell(container.state()),
              new Cell(HumanText.number(container.pid()), Tone.PLAIN),
              new Cell(
                  container
                      .created()
                      .map(then -> HumanText.duration(Duration.between(then, now)))
                      .orElse(HumanText.UNKNOWN),
                  Tone.PLAIN),
              new Cell(HumanText.shortened(command, COMMAND_WIDTH), Tone.PLAIN)));
    }
    return table;
  }

  private static void containers(JsonGenerator out, List<Listed> containers) throws IOException {
    out.writeStartArray();
    for (var container : containers) {
      out.writeStartObject();
      out.writeStringField("name", container.name());
      out.writeStringField("state", container.state().toString());
      Json.number(out, "pid", container.pid());
      Json.text(out, "created", container.created().map(Instant::toString));
      Json.strings(out, "command", container.command());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void tasks(Invocation invocation, ContainerSystem system) {
    var containers = new ArrayList<Container>();
    for (var name : invocation.arguments()) {
      containers.add(system.container(name));
    }
    var output = invocation.output();
    if (invocation.has("json")) {
      output.print(Json.pretty(out -> tasks(out, containers)));
      return;
    }
    var table = new Table("CONTAINER", ">PID", ">INSIDE", ">UID", "STATE", "COMMAND");
    for (var container : containers) {
      for (var task : container.tasks()) {
        if (invocation.has("quiet")) {
          output.line(Long.toString(task.pid()));
        } else {
          row(table, container.name(), task);
        }
      }
    }
    if (!invocation.has("quiet")) {
      output.print(table.print(output.colour()));
    }
  }

  private static void row(Table table, String container, TaskInfo task) {
    String command =
        task.arguments().isEmpty()
            ? "[" + task.command() + "]"
            : HumanText.command(task.arguments());
    table.row(
        container,
        Long.toString(task.pid()),
        Long.toString(task.innerPid()),
        Integer.toString(task.uid()),
        Character.toString(task.state()),
        HumanText.shortened(command, COMMAND_WIDTH));
  }

  private static void tasks(JsonGenerator out, List<Container> containers) throws IOException {
    out.writeStartArray();
    for (var container : containers) {
      for (var task : container.tasks()) {
        out.writeStartObject();
        out.writeStringField("container", container.name());
        out.writeNumberField("pid", task.pid());
        out.writeNumberField("innerPid", task.innerPid());
        out.writeNumberField("parent", task.parent());
        out.writeNumberField("uid", task.uid());
        out.writeStringField("state", Character.toString(task.state()));
        out.writeStringField("name", task.command());
        Json.strings(out, "command", task.arguments());
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }
}
