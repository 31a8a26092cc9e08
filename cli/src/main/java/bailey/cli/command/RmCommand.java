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
                + " of it. Its report stays.")
        .arguments("NAME...", 1, Integer.MAX_VALUE, Completes.CONTAINER)
        .group(
            "Options",
            flag("force", "kills what runs in it first").letter('f'),
            flag("recursive", "removes the containers in it too").letter('r'))
        .inHierarchy()
        .example("bailey rm web", "remove one that has ended")
        .example("bailey rm -f web", "end and remove one that runs")
        .example("bailey rm -rf ci", "the same with all that are in it")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    try (var system = invocation.open()) {
      for (var name : invocation.arguments()) {
        var container = system.container(name);
        if (invocation.has("recursive")) {
          for (var other : system.containers().reversed()) { // those inside before their parents
            if (other.name().startsWith(name + "/")) {
              other.remove(invocation.has("force"));
            }
          }
        }
        container.remove(invocation.has("force"));
      }
    }
    return 0;
  }
}
