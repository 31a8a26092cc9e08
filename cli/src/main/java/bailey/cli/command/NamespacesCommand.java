package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.NamespaceUse;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.output.Table;
import bailey.cli.output.Table.Cell;
import bailey.cli.output.Table.Tone;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.kernel.NamespaceHold.Holder;
import java.util.ArrayList;
import java.util.List;

/** Lists namespaces and what keeps them. */
final class NamespacesCommand implements Command {
  private static final int MOST_SHOWN = 3;

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("namespaces", "lists namespaces and what keeps each")
        .description(
            "Lists the namespaces that this user may see: whose container's each is, and what keeps"
                + " it: processes in it, descriptors of it, bind mounts of it. Those of containers"
                + " of other hierarchies are shown as HIERARCHY:NAME. With NAME, those of these"
                + " containers only.")
        .arguments("[NAME...]", 0, Integer.MAX_VALUE, Completes.CONTAINER)
        .group("Options", flag("json", "prints JSON, with all that keeps each"))
        .inHierarchy()
        .example("bailey namespaces", "what lsns shows, and what it does not")
        .example("bailey namespaces web", "those of one container")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var names = invocation.arguments();
    try (var system = invocation.open()) {
      names.forEach(system::container); // an unknown name is an error, not an empty list
      var shown = new ArrayList<NamespaceUse>();
      for (var use : system.namespaces()) {
        if (names.isEmpty() || use.container().filter(names::contains).isPresent()) {
          shown.add(use);
        }
      }
      var output = invocation.output();
      output.print(invocation.has("json") ? json(shown) : table(shown).print(output.colour()));
    }
    return 0;
  }

  static Table table(List<NamespaceUse> uses) {
    var table = new Table("KIND", ">NUMBER", "CONTAINER", ">PROCESSES", "KEPT BY");
    for (var use : uses) {
      table.row(
          List.of(
              new Cell(use.kind().file(), Tone.PLAIN),
              new Cell(Long.toString(use.inode()), Tone.DIM),
              new Cell(use.container().orElse(HumanText.UNKNOWN), Tone.GOOD),
              new Cell(Long.toString(use.processes()), Tone.PLAIN),
              new Cell(holders(use.holders()), Tone.PLAIN)));
    }
    return table;
  }

  private static String holders(List<Holder> holders) {
    var out = new StringBuilder();
    int shown = 0;
    int members = 0;
    for (var holder : holders) {
      boolean member = holder instanceof Holder.Member;
      members += member ? 1 : 0;
      if (shown < MOST_SHOWN && !(member && members > 1)) { // what is no process comes into view
        out.append(out.isEmpty() ? "" : ", ").append(text(holder));
        shown++;
      }
    }
    int more = holders.size() - shown;
    return out + (more > 0 ? " and " + more + " more" : "");
  }

  private static String text(Holder holder) {
    return switch (holder) {
      case Holder.Member(long pid, String command) -> pid + " (" + command + ")";
      case Holder.Descriptor(long pid, int number) -> "descriptor " + number + " of " + pid;
      case Holder.Mount(String path) -> "mount " + path;
    };
  }

  private static String json(List<NamespaceUse> uses) {
    return Json.pretty(
        out -> {
          out.writeStartArray();
          for (var use : uses) {
            out.writeStartObject();
            out.writeStringField("kind", use.kind().file());
            out.writeNumberField("inode", use.inode());
            Json.text(out, "container", use.container());
            out.writeArrayFieldStart("holders");
            for (var holder : use.holders()) {
              out.writeStartObject();
              switch (holder) {
                case Holder.Member(long pid, String command) -> {
                  out.writeNumberField("pid", pid);
                  out.writeStringField("name", command);
                }
                case Holder.Descriptor(long pid, int number) -> {
                  out.writeNumberField("pid", pid);
                  out.writeNumberField("descriptor", number);
                }
                case Holder.Mount(String path) -> out.writeStringField("mount", path);
              }
              out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }
}
