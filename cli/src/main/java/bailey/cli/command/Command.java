package bailey.cli.command;

import bailey.cli.syntax.CommandSyntax;

/** One of bailey's commands. */
public interface Command {
  /** Its form. */
  CommandSyntax syntax();

  /**
   * Does it.
   *
   * @return the exit status
   * @throws bailey.core.error.ContainerException if it did not happen
   */
  int run(Invocation invocation);
}
