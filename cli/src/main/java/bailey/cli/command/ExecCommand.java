package bailey.cli.command;

import bailey.Container;
import bailey.ExecSpec;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import java.util.LinkedHashMap;
import java.util.List;

/** Runs a further command in a container that runs. */
final class ExecCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("exec", "runs a further command in a container")
        .description(
            "Runs COMMAND in container NAME, which must be running: within its namespaces, limits"
                + " and walls, as its user and in its environment unless options say otherwise."
                + " Ends with the exit status of COMMAND, as bailey run does.")
        .arguments(
            "NAME [--] COMMAND [ARGUMENT...]",
            2,
            Integer.MAX_VALUE,
            Completes.CONTAINER,
            Completes.PROGRAM)
        .optionsFirst()
        .groups(List.of(RunSyntax.execOptions()))
        .inHierarchy()
        .example("bailey exec web ps", "what runs in it, as seen from inside")
        .example("bailey exec -it web sh", "a shell in it")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var arguments = invocation.arguments();
    var command = arguments.subList(1, arguments.size());
    if (command.getFirst().equals("--")) {
      command = command.subList(1, command.size());
    }
    if (command.isEmpty()) {
      throw new BadRequest(
          "exec: there is no command after --; write for example bailey exec NAME -- ps");
    }
    try (var system = invocation.open()) {
      var container = system.container(arguments.getFirst());
      var _ = container.launchExec(spec(invocation, container), command);
    }
    return 0;
  }

  private static ExecSpec spec(Invocation invocation, Container container) {
    var parsed = invocation.parsed();
    var spec = ExecSpec.builder().terminal(parsed.has("tty"));
    var variables = new LinkedHashMap<String, String>();
    if (parsed.has("tty") && invocation.environment().variables().containsKey("TERM")) {
      variables.put("TERM", invocation.environment().get("TERM", ""));
    }
    if (parsed.has("user")) {
      var account = Accounts.below(root(container)).account(parsed.value("user", ""));
      spec.identity(account.identity());
      CommandEnvironment.account(variables, account);
    }
    CommandEnvironment.given(variables, parsed, invocation.environment());
    variables.forEach(spec::environment);
    if (parsed.has("workdir")) {
      spec.directory(parsed.value("workdir", ""));
    }
    return spec.build();
  }

  /** Where the container's root is seen from here. */
  private static String root(Container container) {
    var pid = container.pid();
    if (pid.isEmpty()) {
      throw new ContainerBusy(
          "exec: container " + container.name() + " is not running, it is " + container.state());
    }
    return "/proc/" + pid.getAsLong() + "/root";
  }
}
