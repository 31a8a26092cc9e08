package bailey.cli.command;

import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;

/** Kills everything in containers, or signals their main processes. */
final class KillCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("kill", "kills everything in a container, or sends a signal")
        .description(
            "Kills everything in each container NAME, at once and without exception. With --signal,"
                + " sends that signal to its command only.")
        .arguments("NAME...", 1, Integer.MAX_VALUE, Completes.CONTAINER)
        .group(
            "Options",
            value("signal", "SIGNAL", "TERM", "the signal to send to the command: TERM, USR1, 15")
                .letter('s')
                .completing(Completes.oneOf(Signals.names())))
        .inHierarchy()
        .example("bailey kill web", "end it now")
        .example(
            "bailey kill -s TERM web && bailey wait web", "ask it to end, and wait until it has")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    boolean signals = invocation.has("signal");
    int signal = signals ? Signals.parse("--signal", invocation.parsed().value("signal", "")) : 0;
    try (var system = invocation.open()) {
      for (var name : invocation.arguments()) {
        var container = system.container(name);
        if (signals) {
          container.signal(signal);
        } else {
          container.kill();
        }
      }
    }
    return 0;
  }
}
