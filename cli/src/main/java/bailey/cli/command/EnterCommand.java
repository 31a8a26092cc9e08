package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.EnterSpec;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.BadRequest;
import bailey.core.spec.NamespaceKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a command that enters a container, or some of it. */
final class EnterCommand implements Command {
  private static final String SHELL = "/bin/sh";

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("enter", "runs a command of this machine in a container's namespaces")
        .description(
            "Runs COMMAND, or a shell, in what container NAME has of its own. With -o only the"
                + " namespaces of LIST are entered, and COMMAND is one of this machine, with the"
                + " root, directory, environment and rights of the caller: a way to look at a"
                + " container's network with tools that are not in it. In a user namespace it is"
                + " the root of that. Without -o all is entered, the control groups too; where that"
                + " includes its mounts, COMMAND is one of the container and gets all of its walls,"
                + " as with bailey exec.")
        .arguments(
            "NAME [--] [COMMAND [ARGUMENT...]]",
            1,
            Integer.MAX_VALUE,
            Completes.CONTAINER,
            Completes.PROGRAM)
        .group(
            "Options",
            value("only", "LIST", "uts,net", "enters these namespaces and nothing else")
                .letter('o'),
            flag("tty", "a terminal of its own; also for a shell on a terminal").letter('t'),
            value("env", "NAME[=VALUE]", "LANG=C", "sets a variable, or copies one from here")
                .letter('e')
                .many())
        .inHierarchy()
        .example("bailey enter web -o net -- ss -tlnp", "who listens in it, by this machine's ss")
        .example("bailey enter web -o uts,net", "this machine's shell, in its network")
        .example("bailey enter web", "a shell of the container, behind its walls")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    var arguments = invocation.arguments();
    var command = arguments.subList(1, arguments.size());
    if (!command.isEmpty() && command.getFirst().equals("--")) {
      command = command.subList(1, command.size());
    }
    var kinds = kinds(invocation);
    boolean own = !kinds.isEmpty() && !kinds.contains(NamespaceKind.MNT);
    var spec =
        new EnterSpec(
            kinds,
            kinds.isEmpty(),
            variables(invocation, own),
            invocation.has("tty") || (command.isEmpty() && invocation.call().isTerminal(0)));
    if (command.isEmpty()) {
      command = List.of(own ? invocation.environment().get("SHELL", SHELL) : SHELL);
    }
    try (var system = invocation.open()) {
      var _ = system.container(arguments.getFirst()).launchEnter(spec, command);
    }
    return 0;
  }

  private static Set<NamespaceKind> kinds(Invocation invocation) {
    var kinds = EnumSet.noneOf(NamespaceKind.class);
    if (!invocation.has("only")) {
      return kinds;
    }
    for (var name : invocation.parsed().value("only", "").split(",", -1)) {
      if (name.isEmpty()) {
        throw new BadRequest("-o: a name is missing in the list; write for example -o uts,net");
      }
      kinds.add(NamespaceKind.of("-o", name));
    }
    return kinds;
  }

  /** A command of the container has its environment, one of this machine the caller's. */
  private static Map<String, String> variables(Invocation invocation, boolean own) {
    var environment = invocation.environment();
    var variables = new LinkedHashMap<String, String>();
    if (own) {
      variables.putAll(environment.variables());
    } else if (environment.variables().containsKey("TERM")) {
      variables.put("TERM", environment.get("TERM", ""));
    }
    CommandEnvironment.given(variables, invocation.parsed(), environment);
    return variables;
  }
}
