package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;

/** Removes containers. */
final class RmCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("rm", "removes a container")
        .description(
            "Removes each container NAME that nothing runs in: its control groups and what is known"
                + " of it. Its report stays. With --force, kills what runs in it, and removes the"
                + " containers in it too.")
        .arguments("NAME...", 1, Integer.MAX_VALUE, Completes.CONTAINER)
        .group("Options", flag("force", "kills what runs in it first").letter('f'))
        .example("bailey rm web", "remove one that has ended")
        .example("bailey rm -f web", "end and remove one that runs")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      for (var name : invocation.arguments()) {
        system.container(name).remove(invocation.has("force"));
      }
    }
    return 0;
  }
}
