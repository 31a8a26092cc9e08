package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.SubsystemPlace;
import bailey.cli.output.Colour;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.container.Access;
import bailey.core.container.ControlFile;
import bailey.core.container.OnEmpty;
import bailey.core.container.Subsystem;
import bailey.core.container.Unit;
import bailey.core.error.BadRequest;
import bailey.core.subsystem.Subsystems;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lists subsystems, and the control files of each. */
final class SubsystemsCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("subsystems", "lists controllers and namespaces, and their controls")
        .description(
            "Lists what a container can have: each controller and namespace, how one comes to be"
                + " (mkdir: with the container, clone: with a task), who may enter, whether a"
                + " container can show it as if it were a machine, what may happen when the last"
                + " task leaves, and where this machine has it. With NAME, its control files: what"
                + " may be done with each from outside and from inside, and what to write."
                + " Subsystems of other modules are found on the module path (BAILEY_MODULES).")
        .arguments("[NAME...]", 0, Integer.MAX_VALUE, names())
        .group("Options", flag("json", "prints JSON, with all control files"))
        .example("bailey subsystems", "what there is, and what is missing here")
        .example("bailey subsystems memory", "the control files of one")
        .build();
  }

  private static Completes names() {
    return Completes.oneOf(Subsystems.standard().all().stream().map(Subsystem::name).toList());
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      var shown = chosen(system.subsystems(), invocation.arguments());
      var output = invocation.output();
      if (invocation.has("json")) {
        output.print(json(shown));
      } else if (invocation.arguments().isEmpty()) {
        output.print(table(shown, output.colour()));
      } else {
        output.print(controls(shown, output.colour()));
      }
    }
    return 0;
  }

  static List<SubsystemPlace> chosen(List<SubsystemPlace> all, List<String> names) {
    if (names.isEmpty()) {
      return all;
    }
    var chosen = new ArrayList<SubsystemPlace>();
    for (var name : names) {
      chosen.add(
          all.stream()
              .filter(place -> place.subsystem().name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new BadRequest(
                          name
                              + ": no such subsystem; there are "
                              + String.join(
                                  ", ", all.stream().map(p -> p.subsystem().name()).toList()))));
    }
    return chosen;
  }

  static String table(List<SubsystemPlace> places, Colour colour) {
    var table = new Table("NAME", "KIND", "MADE BY", "ENTERED", "VIRTUAL", "ON EMPTY", "HERE");
    for (var place : places) {
      var subsystem = place.subsystem();
      table.row(
          List.of(
              plain(subsystem.name()),
              plain(word(subsystem.kind())),
              plain(made(subsystem)),
              plain(entered(subsystem)),
              plain(subsystem.virtualisable() ? "yes" : "no"),
              plain(onEmpty(subsystem)),
              new Cell(
                  place.present() ? place.place() : "no: " + place.place(),
                  place.present() ? Tone.GOOD : Tone.WARN)));
    }
    return table.print(colour);
  }

  private static Cell plain(String text) {
    return new Cell(text, Tone.PLAIN);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static String made(Subsystem subsystem) {
    return words(Subsystem.Creation.values(), subsystem.created());
  }

  static String onEmpty(Subsystem subsystem) {
    return words(OnEmpty.values(), subsystem.onEmpty());
  }

  /** In the order of declaration. */
  private static <E extends Enum<E>> String words(E[] all, Set<E> chosen) {
    var words = new ArrayList<String>();
    for (var constant : all) {
      if (chosen.contains(constant)) {
        words.add(word(constant));
      }
    }
    return String.join(", ", words);
  }

  static String entered(Subsystem subsystem) {
    return switch (subsystem.entered()) {
      case FREELY -> "any task";
      case ITSELF -> "by itself";
      case BY_NEW_TASK -> "new tasks";
      case NEVER -> "never";
    };
  }

  static String controls(List<SubsystemPlace> places, Colour colour) {
    var out = new StringBuilder(table(places, colour));
    for (var place : places) {
      var files = place.subsystem().controlFiles();
      out.append('\n');
      if (files.isEmpty()) {
        out.append(place.subsystem().name()).append(" has no control files\n");
        continue;
      }
      var table = new Table("CONTROL", "UNIT", "OUTSIDE", "INSIDE", "MEANING", "WRITE");
      for (var file : files) {
        table.row(
            file.name(),
            unit(file.unit()),
            access(file.external()),
            inside(file),
            file.description(),
            file.external().writable() ? file.format().help() : "");
      }
      out.append(table.print(colour));
    }
    return out.toString();
  }

  static String unit(Unit unit) {
    return word(unit);
  }

  /** Of a limit the inside has a value of its own, behind a boundary. */
  static String inside(ControlFile file) {
    return access(file.internal()) + (file.isLimit() ? ", own" : "");
  }

  static String access(Access access) {
    return switch (access) {
      case NONE -> "-";
      case READ -> "read";
      case WRITE -> "write";
      case READ_WRITE -> "read, write";
    };
  }

  static String json(List<SubsystemPlace> places) {
    return Json.pretty(
        out -> {
          out.writeStartArray();
          for (var place : places) {
            out.writeStartObject();
            write(out, place);
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private static void write(JsonGenerator out, SubsystemPlace place) throws IOException {
    var subsystem = place.subsystem();
    out.writeStringField("name", subsystem.name());
    out.writeStringField("kind", word(subsystem.kind()));
    writeWords(out, "created", Subsystem.Creation.values(), subsystem.created());
    out.writeStringField("entered", word(subsystem.entered()));
    out.writeBooleanField("virtualisable", subsystem.virtualisable());
    writeWords(out, "onEmpty", OnEmpty.values(), subsystem.onEmpty());
    out.writeBooleanField("present", place.present());
    out.writeStringField("here", place.place());
    out.writeArrayFieldStart("controls");
    for (var file : subsystem.controlFiles()) {
      write(out, file);
    }
    out.writeEndArray();
  }

  private static <E extends Enum<E>> void writeWords(
      JsonGenerator out, String field, E[] all, Set<E> chosen) throws IOException {
    out.writeArrayFieldStart(field);
    for (var constant : all) {
      if (chosen.contains(constant)) {
        out.writeString(word(constant));
      }
    }
    out.writeEndArray();
  }

  private static void write(JsonGenerator out, ControlFile file) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", file.name());
    out.writeStringField("unit", unit(file.unit()));
    out.writeStringField("external", word(file.external()));
    out.writeStringField("internal", word(file.internal()));
    out.writeBooleanField("limit", file.isLimit());
    out.writeStringField("meaning", file.description());
    out.writeStringField("write", file.external().writable() ? file.format().help() : "");
    out.writeEndObject();
  }
}
