package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.ContainerSystem;
import bailey.HierarchyInfo;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.BadRequest;
import bailey.core.error.CloseMatch;
import java.util.Arrays;
import java.util.List;

/** Mounts, unmounts and lists hierarchies. */
final class HierarchyCommand implements Command {
  private static final List<String> VERBS = List.of("list", "mount", "unmount", "agent");

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("hierarchy", "mounts, unmounts and lists hierarchies of containers")
        .description(
            "A hierarchy is a tree of containers and the subsystems bound to it. The default"
                + " hierarchy has all that is not bound to another. A process is in one container"
                + " of each: in the root, until it is moved.\n\n"
                + "mount NAME makes a hierarchy of the subsystems that -o names; not while the"
                + " default hierarchy, or whichever has them, has containers. unmount NAME takes an"
                + " empty one away. list shows them. agent NAME PROGRAM sets the program that is"
                + " run, with the container's name and hardly any environment, when a container"
                + " that is to notify got empty (bailey help create); agent NAME takes it away."
                + " Other commands work in a hierarchy by --hierarchy NAME.")
        .arguments("[VERB [NAME [PROGRAM]]]", 0, 3, Completes.oneOf(VERBS))
        .group(
            "Options",
            value("subsystems", "LIST", "memory,cpu", "with mount: what it is to have").letter('o'),
            flag("json", "with list: prints JSON"))
        .example("bailey hierarchy mount classes -o cpu,memory", "a second tree, for what is used")
        .example("bailey create -H classes --memory 1G batch", "a container of it")
        .example("bailey hierarchy agent default /usr/local/bin/released", "who is told")
        .example("bailey hierarchy", "which there are")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var words = invocation.arguments();
    String verb = words.isEmpty() ? "list" : words.getFirst();
    if (!VERBS.contains(verb)) {
      throw new BadRequest(
          "hierarchy: there is no "
              + verb
              + CloseMatch.question(verb, "", VERBS)
              + "; write list, mount NAME, unmount NAME or agent NAME PROGRAM");
    }
    int least = verb.equals("list") ? 0 : 2;
    int most = verb.equals("list") ? 1 : verb.equals("agent") ? 3 : 2;
    if (words.size() < least || words.size() > most) {
      throw new BadRequest(
          "hierarchy: "
              + verb
              + (least == 0 ? " takes nothing else" : " needs a name")
              + "; bailey help hierarchy tells how it is written");
    }
    if (verb.equals("mount") != invocation.has("subsystems")) {
      throw new BadRequest(
          verb.equals("mount")
              ? "hierarchy mount: -o is missing; name the subsystems, for example -o memory,cpu"
              : "--subsystems is for mount only; leave it out");
    }
    try (var system = invocation.open()) {
      switch (verb) {
        case "mount" -> {
          var _ = system.mountHierarchy(words.get(1), subsystems(invocation));
        }
        case "unmount" -> system.unmountHierarchy(words.get(1));
        case "agent" ->
            system.hierarchy(words.get(1)).releaseAgent(words.size() == 3 ? words.get(2) : "");
        default -> list(invocation, system);
      }
    }
    return 0;
  }

  private static List<String> subsystems(Invocation invocation) {
    return Arrays.asList(invocation.parsed().value("subsystems", "").split(",", -1));
  }

  private static void list(Invocation invocation, ContainerSystem system) {
    var all = system.hierarchies();
    var output = invocation.output();
    output.print(invocation.has("json") ? json(all) : table(all).print(output.colour()));
  }

  private static Table table(List<HierarchyInfo> all) {
    var table = new Table("NAME", ">CONTAINERS", ">TASKS", "RELEASE AGENT", "SUBSYSTEMS");
    for (var one : all) {
      table.row(
          List.of(
              new Cell(one.name(), Tone.PLAIN),
              new Cell(Integer.toString(one.containers()), Tone.PLAIN),
              new Cell(Integer.toString(one.tasks()), Tone.PLAIN),
              new Cell(
                  one.releaseAgent().isEmpty() ? HumanText.UNKNOWN : one.releaseAgent(),
                  Tone.PLAIN),
              new Cell(String.join(",", one.subsystems()), Tone.PLAIN)));
    }
    return table;
  }

  private static String json(List<HierarchyInfo> all) {
    return Json.pretty(
        out -> {
          out.writeStartArray();
          for (var one : all) {
            out.writeStartObject();
            out.writeStringField("name", one.name());
            Json.strings(out, "subsystems", one.subsystems());
            out.writeNumberField("containers", one.containers());
            out.writeNumberField("tasks", one.tasks());
            out.writeStringField("release_agent", one.releaseAgent());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }
}
