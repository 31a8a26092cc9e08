package bailey.cli.command;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;

/** Stops all tasks of containers where they are. */
final class FreezeCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("freeze", "stops everything in a container where it is")
        .description(
            "Stops all tasks in each container NAME and in the containers in it, until bailey"
                + " thaw. They keep their memory and do not notice.")
        .arguments("NAME...", 1, Integer.MAX_VALUE, Completes.CONTAINER)
        .inHierarchy()
        .example("bailey freeze web", "pause a service")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      for (var name : invocation.arguments()) {
        system.container(name).freeze();
      }
    }
    return 0;
  }
}
