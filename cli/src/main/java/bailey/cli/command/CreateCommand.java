package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.container.OnEmpty;
import java.util.List;
import java.util.Optional;

/** Makes a container without tasks, for others to be in. */
final class CreateCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("create", "makes a container for others to be in")
        .description(
            "Makes container NAME with limits and without tasks. Containers that are run as"
                + " NAME/OTHER share its limits; bailey run --name NAME starts its own command in"
                + " it, in the namespaces that --new made.\n\n"
                + "It stays until bailey rm removes it, also when its command has ended, unless"
                + " --on-empty says otherwise: notify runs the release agent of its hierarchy"
                + " (bailey help hierarchy), delete removes it. Containers in it do the same.")
        .arguments("NAME", 1, 1, Completes.NOTHING)
        .groups(List.of(RunSyntax.groupLimits()))
        .group(
            "Namespaces",
            value("new", "LIST", "net,uts", "namespaces made now, which stay without a process"))
        .group(
            "Life",
            value(
                    "on-empty",
                    "WHAT",
                    "delete",
                    "when its last process has left: ignore, notify, delete")
                .completing(Completes.oneOf("ignore", "notify", "delete")))
        .inHierarchy()
        .example("bailey create --memory 1G --pids 500 ci", "room for all jobs together")
        .example("bailey create --new net blue", "a network that waits for its processes")
        .example("bailey create --on-empty delete --memory 1G batch", "gone with its last process")
        .example("bailey run --name ci/job-42 -- make", "a job in that room")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var spec = SpecReader.group(invocation.arguments().getFirst(), invocation.parsed());
    var parsed = invocation.parsed();
    var choice =
        parsed.has("on-empty")
            ? Optional.of(OnEmpty.parse("--on-empty", parsed.value("on-empty", "")))
            : Optional.<OnEmpty>empty();
    try (var system = invocation.open()) {
      var container = system.create(spec);
      choice.ifPresent(container::onEmpty);
    }
    return 0;
  }
}
