package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import java.util.List;

/** Makes a container without tasks, for others to be in. */
final class CreateCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("create", "makes a container for others to be in")
        .description(
            "Makes container NAME with limits and without tasks. Containers that are run as"
                + " NAME/OTHER share its limits; bailey run --name NAME starts its own command in"
                + " it, in the namespaces that --new made.\n\n"
                + "It stays until bailey rm removes it, also when its command has ended.")
        .arguments("NAME", 1, 1, Completes.NOTHING)
        .groups(List.of(RunSyntax.groupLimits()))
        .group(
            "Namespaces",
            value("new", "LIST", "net,uts", "namespaces made now, which stay without a process"))
        .inHierarchy()
        .example("bailey create --memory 1G --pids 500 ci", "room for all jobs together")
        .example("bailey create --new net blue", "a network that waits for its processes")
        .example("bailey run --name ci/job-42 -- make", "a job in that room")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var spec = SpecReader.group(invocation.arguments().getFirst(), invocation.parsed());
    try (var system = invocation.open()) {
      system.create(spec);
    }
    return 0;
  }
}
