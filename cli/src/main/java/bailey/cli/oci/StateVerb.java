package bailey.cli.oci;

import bailey.cli.syntax.CommandSyntax;

/** Shows the state of a container. */
final class StateVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci state", "shows the state of a container")
        .description("Prints the state of a container as JSON, as the OCI runtime-spec has it.")
        .arguments("ID", 1, 1)
        .example("bailey oci state web", "whether it runs")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    var shown = call.runtime().state(call.id());
    call.output().print(shown.state().json(shown.additions()));
    return 0;
  }
}
