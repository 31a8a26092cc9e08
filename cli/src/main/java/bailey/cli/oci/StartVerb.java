package bailey.cli.oci;

import bailey.cli.syntax.CommandSyntax;

/** Has the process of a container that was created execute its program. */
final class StartVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci start", "starts what was created")
        .description("Has the process of a container that was created execute its program.")
        .arguments("ID", 1, 1)
        .example("bailey oci start web", "starts it")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    call.runtime().start(call.id());
    return 0;
  }
}
