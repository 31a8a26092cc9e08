package bailey.cli.oci;

import bailey.cli.syntax.CommandSyntax;

/** One of the runtime's verbs. */
interface Verb {
  /** Its form. */
  CommandSyntax syntax();

  /**
   * Does it.
   *
   * @return the exit status
   * @throws bailey.core.error.ContainerException if it did not happen
   */
  int run(VerbCall call);

  /** The exit status where it did not happen. */
  default int failed() {
    return 1;
  }
}
