package bailey.cli.command;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.cli.syntax.HelpText;
import bailey.core.error.BadRequest;
import bailey.core.error.CloseMatch;

/** Shows help texts. */
final class HelpCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("help", "explains a command, with examples")
        .description("Lists the commands, or explains COMMAND with its options and examples.")
        .arguments("[COMMAND]", 0, 1, Completes.oneOf(Commands.names()))
        .example("bailey help run", "what bailey run can do")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    if (invocation.arguments().isEmpty()) {
      invocation.output().print(Commands.overview());
      return 0;
    }
    String name = invocation.arguments().getFirst();
    var command = Commands.named(name);
    if (command == null) {
      throw new BadRequest(
          "there is no command " + name + CloseMatch.question(name, "", Commands.names()));
    }
    invocation.output().print(HelpText.of(command.syntax()));
    return 0;
  }
}
