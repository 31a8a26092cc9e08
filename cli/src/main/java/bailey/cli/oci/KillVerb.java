package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.command.Signals;
import bailey.cli.syntax.CommandSyntax;

/** Sends a signal to a container. */
final class KillVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci kill", "sends a signal")
        .description("Sends a signal to the first process of a container; SIGTERM unless given.")
        .arguments("ID [SIGNAL]", 1, 2)
        .group("Options", flag("all", "to all its processes").letter('a'))
        .example("bailey oci kill web KILL", "ends it")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    String signal = call.arguments().size() > 1 ? call.arguments().get(1) : "TERM";
    call.runtime().kill(call.id(), Signals.parse("SIGNAL", signal), call.has("all"));
    return 0;
  }
}
