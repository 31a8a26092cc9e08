package bailey.cli.oci;

import bailey.cli.syntax.CommandSyntax;
import bailey.oci.runtime.OciRuntime;

/** Tells what the runtime knows. */
final class FeaturesVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci features", "tells what the runtime knows")
        .description(
            "Prints what the runtime knows, whether or not the kernel has it, as JSON (features.md"
                + " of the OCI runtime-spec).")
        .example("bailey oci features", "all of it")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    call.output().print(OciRuntime.features());
    return 0;
  }
}
