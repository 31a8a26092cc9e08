package bailey.cli.command;

import bailey.cli.completion.Completion;
import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.spec.Malformed;

/** Prints the script with which a shell completes bailey's command line. */
final class CompletionCommand implements Command {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("completion", "prints the completion script of a shell")
        .description(
            "Prints the script with which SHELL (bash, zsh or fish) completes commands, options,"
                + " their values and the names of containers.")
        .arguments("SHELL", 1, 1, Completes.oneOf(Completion.SHELLS))
        .example("source <(bailey completion bash)", "in this bash")
        .example(
            "bailey completion bash > /usr/share/bash-completion/completions/bailey",
            "in every bash, with the package bash-completion")
        .example("bailey completion zsh > \"${fpath[1]}/_bailey\"", "in zsh")
        .example("bailey completion fish > ~/.config/fish/completions/bailey.fish", "in fish")
        .build();
  }

  @Override
  public int run(Invocation invocation) {
    String shell = invocation.arguments().getFirst();
    if (!Completion.SHELLS.contains(shell)) {
      throw Malformed.value(
          "SHELL", shell, "is not a shell that bailey knows", "one of bash, zsh and fish");
    }
    invocation.output().print(Completion.script(shell, Commands.syntaxes()));
    return 0;
  }
}
