package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;

import bailey.cli.syntax.CommandSyntax;

/** Removes containers. */
final class DeleteVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci delete", "removes a container that has ended")
        .description(
            "Removes all that was made for a container that has ended: its control groups and what"
                + " is recorded of it.")
        .arguments("ID", 1, 1)
        .group("Options", flag("force", "kills what runs in it").letter('f'))
        .example("bailey oci delete --force web", "whatever it does")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    call.runtime().delete(call.id(), call.has("force"));
    return 0;
  }
}
