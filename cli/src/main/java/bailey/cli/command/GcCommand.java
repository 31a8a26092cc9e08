package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.GcResult;
import bailey.cli.output.HumanText;
import bailey.cli.output.Json;
import bailey.cli.syntax.CommandSyntax;

/** Removes what crashes left behind and puts right what others changed. */
final class GcCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("gc", "puts right what crashes and others left behind")
        .description(
            "Compares bailey's records with the kernel and removes what belongs to no container"
                + " that is there: after a power failure, or where bailey was killed in the middle"
                + " of its work. Then puts right what others changed in containers that run, as"
                + " bailey doctor lists it: gives groups their names and limits back and puts"
                + " processes that were moved by hand back, where it is certain whose they are."
                + " Ends nothing that runs.")
        .group(
            "Options",
            flag("force", "removes containers with a damaged record too").letter('f'),
            flag("json", "prints JSON"))
        .example("bailey gc", "clean up")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      var result = system.gc(invocation.has("force"));
      invocation.output().print(invocation.has("json") ? json(result) : text(result));
    }
    return 0;
  }

  static String text(GcResult result) {
    var out = new StringBuilder();
    for (var sentence : result.removed()) {
      out.append(HumanText.printable(sentence)).append('\n');
    }
    for (var sentence : result.repaired()) {
      out.append(HumanText.printable(sentence)).append('\n');
    }
    for (var sentence : result.kept()) {
      out.append(HumanText.printable(sentence)).append('\n');
    }
    return out.isEmpty() ? "nothing is left behind, nothing was changed\n" : out.toString();
  }

  private static String json(GcResult result) {
    return Json.pretty(
        out -> {
          out.writeStartObject();
          Json.strings(out, "removed", result.removed());
          Json.strings(out, "repaired", result.repaired());
          Json.strings(out, "kept", result.kept());
          out.writeEndObject();
        });
  }
}
