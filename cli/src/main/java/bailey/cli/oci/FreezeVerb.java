package bailey.cli.oci;

import bailey.cli.syntax.CommandSyntax;

/** Stops all processes of a container, or lets them go on. */
final class FreezeVerb implements Verb {
  private final boolean stops;

  FreezeVerb(boolean stops) {
    this.stops = stops;
  }

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of(
            stops ? "oci pause" : "oci resume",
            stops ? "stops all processes of a container" : "lets them go on")
        .description(
            stops
                ? "Stops all processes of a container at once, until resume lets them go on."
                : "Lets all processes of a container go on that pause has stopped.")
        .arguments("ID", 1, 1)
        .example("bailey oci " + (stops ? "pause" : "resume") + " web", "all of it at once")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    if (stops) {
      call.runtime().pause(call.id());
    } else {
      call.runtime().resume(call.id());
    }
    return 0;
  }
}
