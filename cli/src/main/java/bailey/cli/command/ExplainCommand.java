package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.syntax.ArgumentParser;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.HelpText;
import bailey.core.error.BadRequest;

/** Prints the plan of a command without doing it. */
final class ExplainCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("explain", "shows each step that a run would do, and why")
        .description(
            "Prints the plan of bailey run with these options: every system call, in order, and"
                + " the option or subsystem that it is there for. Needs no privilege and touches"
                + " nothing.")
        .arguments(
            "run [OPTION...] [--] COMMAND [ARGUMENT...]",
            1,
            Integer.MAX_VALUE,
            Completes.oneOf("run"))
        .optionsFirst()
        .group("Options", flag("json", "prints JSON"))
        .inHierarchy()
        .example("bailey explain run --memory 64M -- true", "what a memory limit adds")
        .example("bailey explain --json run -- true", "the same for programs")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var arguments = invocation.arguments();
    if (!arguments.getFirst().equals("run")) {
      throw new BadRequest(
          "explain: there is no plan for \""
              + arguments.getFirst()
              + "\"; write bailey explain run [OPTION...] [--] COMMAND [ARGUMENT...]");
    }
    var parsed = ArgumentParser.parse(RunSyntax.syntax(), arguments.subList(1, arguments.size()));
    if (parsed.has(ArgumentParser.HELP.name())) {
      invocation.output().print(HelpText.of(syntax()));
      return 0;
    }
    var run = invocation.with(parsed);
    var asked = SpecOptions.read(run);
    try (var system = invocation.open()) {
      var spec = SpecOptions.attainable(asked, system, invocation.output());
      var plan = system.explain(spec, run.arguments());
      invocation
          .output()
          .print(
              invocation.has("json")
                  ? PlanListing.json(plan)
                  : PlanListing.text(plan, invocation.output().colour()));
    }
    return 0;
  }
}
