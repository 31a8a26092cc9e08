package bailey.cli.command;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;

/** Lets the tasks of frozen containers go on. */
final class ThawCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("thaw", "lets a frozen container go on")
        .description("Lets the tasks of each container NAME, stopped by bailey freeze, go on.")
        .arguments("NAME...", 1, Integer.MAX_VALUE, Completes.CONTAINER)
        .inHierarchy()
        .example("bailey thaw web", "go on with a service")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      for (var name : invocation.arguments()) {
        system.container(name).thaw();
      }
    }
    return 0;
  }
}
