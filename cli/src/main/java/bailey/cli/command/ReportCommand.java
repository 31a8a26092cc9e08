package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.output.Colour;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import java.util.List;

/** Tells why a container ended and what it used. */
final class ReportCommand implements Command {
  /**
   * Given by the executor of a run that is over: the report goes to standard error, and the exit
   * status is the container's.
   */
  private static final String ENDED = "ended";

  /**
   * What the executor runs, with the container's name, at the end of a run; nothing where it is not
   * known how this program was started.
   */
  static List<String> reporter(Invocation invocation) {
    String program = invocation.call().program();
    return program.isEmpty()
        ? List.of()
        : List.of(program, "report", "--" + ENDED, "--hierarchy", invocation.hierarchy());
  }

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("report", "tells why a container ended, and what it used")
        .description(
            "Tells why container NAME ended: exit status or signal, and which limit was hit; and"
                + " what it used: memory, CPU, tasks. Works after the container is gone too.")
        .arguments("NAME", 1, 1, Completes.CONTAINER)
        .group("Options", flag("json", "prints JSON with exact values"))
        .internal(ENDED)
        .inHierarchy()
        .example("bailey report web", "why it ended")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    String name = invocation.arguments().getFirst();
    var output = invocation.output();
    try (var system = invocation.open()) {
      var report = system.report(name);
      if (invocation.has(ENDED)) {
        output.note("bailey: " + Reports.text(report, invocation.zone(), Colour.OFF));
        return report.status();
      }
      output.print(
          invocation.has("json")
              ? Reports.json(report)
              : Reports.text(report, invocation.zone(), output.colour()));
    }
    return 0;
  }
}
