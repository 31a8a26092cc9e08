package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.Container;
import bailey.SubsystemUse;
import bailey.cli.output.Colour;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.isolation.Tie;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Shows what a container shares with others, and what ties it to them. */
final class ShowCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("show", "shows what a container has of its own, shares, and holds")
        .description(
            "Shows for each container NAME how it has each subsystem: of its own (and who joined"
                + " it), shared with the container or machine around it, or joined from another."
                + " Then whether it is self-contained: whether its processes could be saved and"
                + " made anew without any process outside noticing, and if not, every reason:"
                + " namespaces, descriptors, sockets and memory shared with processes outside,"
                + " devices, tracers. Freeze it for an answer that stays true.\n\n"
                + "Users, group paths and clocks of the machine are no reason, nor are files that"
                + " others have open too.\n\n"
                + "bailey container show is the same, as bailey container is before any command.")
        .arguments("NAME...", 1, Integer.MAX_VALUE, Completes.CONTAINER)
        .group("Options", flag("json", "prints JSON"))
        .inHierarchy()
        .example("bailey show web", "what is its own, and what ties it down")
        .example("bailey show --json web | jq '.[0].selfContained'", "only that, for a script")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      var containers = invocation.arguments().stream().map(system::container).toList();
      var output = invocation.output();
      if (invocation.has("json")) {
        output.print(Json.pretty(out -> json(out, containers)));
        return 0;
      }
      boolean first = true;
      for (var container : containers) {
        output.print(first ? "" : "\n");
        print(invocation, container);
        first = false;
      }
    }
    return 0;
  }

  private static void print(Invocation invocation, Container container) {
    var info = container.info();
    var uses = container.subsystems();
    var ties = container.ties();
    var output = invocation.output();
    output.line(
        HumanText.printable(info.name())
            + ": "
            + info.state()
            + (info.pid().isPresent() ? ", process " + info.pid().getAsLong() : "")
            + (info.guest() ? ", made inside of a boundary" : ""));
    output.line("");
    output.print(table(uses).print(output.colour()));
    output.line("");
    output.print(selfContained(ties, output.colour()));
  }

  private static Table table(List<SubsystemUse> uses) {
    var table = new Table("SUBSYSTEM", "", "WITH", "PLACE");
    for (var use : uses) {
      table.row(
          List.of(
              new Cell(use.subsystem(), Tone.PLAIN),
              new Cell(lower(use.way()), use.way() == SubsystemUse.Way.OWN ? Tone.GOOD : Tone.WARN),
              new Cell(String.join(", ", use.with()), Tone.PLAIN),
              new Cell(use.place(), Tone.DIM)));
    }
    return table;
  }

  private static String selfContained(List<Tie> ties, Colour colour) {
    long reasons = reasons(ties);
    var out = new StringBuilder();
    if (reasons == 0) {
      out.append(colour.green("self-contained"))
          .append(ties.isEmpty() ? "\n" : " as far as this user may see:\n");
    } else {
      out.append(colour.yellow("not self-contained"))
          .append(reasons == 1 ? ", for one reason:\n" : ", for " + reasons + " reasons:\n");
    }
    for (var tie : ties) {
      out.append("  ")
          .append(tie.pid() == 0 ? "" : tie.pid() + " ")
          .append(tie.command().isEmpty() ? "" : "(" + HumanText.printable(tie.command()) + ") ")
          .append(HumanText.printable(tie.what()))
          .append('\n');
    }
    return out.toString();
  }

  /** Without what only says that more cannot be seen. */
  private static long reasons(List<Tie> ties) {
    return ties.stream().filter(tie -> tie.kind() != Tie.Kind.UNSEEN).count();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void json(JsonGenerator out, List<Container> containers) throws IOException {
    out.writeStartArray();
    for (var container : containers) {
      var info = container.info();
      out.writeStartObject();
      out.writeStringField("name", info.name());
      out.writeStringField("state", info.state().toString());
      Json.number(out, "pid", info.pid());
      Json.text(out, "created", info.created().map(Instant::toString));
      Json.strings(out, "command", info.command());
      out.writeArrayFieldStart("subsystems");
      for (var use : container.subsystems()) {
        out.writeStartObject();
        out.writeStringField("subsystem", use.subsystem());
        out.writeStringField("way", lower(use.way()));
        Json.strings(out, "with", use.with());
        out.writeStringField("place", use.place());
        out.writeEndObject();
      }
      out.writeEndArray();
      ties(out, container.ties());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void ties(JsonGenerator out, List<Tie> ties) throws IOException {
    out.writeBooleanField("selfContained", reasons(ties) == 0);
    out.writeArrayFieldStart("reasons");
    for (var tie : ties) {
      out.writeStartObject();
      out.writeStringField("kind", lower(tie.kind()));
      out.writeNumberField("pid", tie.pid());
      out.writeStringField("name", tie.command());
      out.writeStringField("what", tie.what());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
