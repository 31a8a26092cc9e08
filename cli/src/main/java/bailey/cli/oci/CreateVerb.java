package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.bundle.BundleStart.Attachment;
import java.util.List;

/** Makes a container of a bundle; run starts it too. */
final class CreateVerb implements Verb {
  private final boolean starts;

  CreateVerb(boolean starts) {
    this.starts = starts;
  }

  @Override
  public CommandSyntax syntax() {
    var syntax =
        CommandSyntax.of(
                starts ? "oci run" : "oci create",
                starts ? "makes a container and starts it" : "makes a container")
            .description(
                starts
                    ? "Makes a container of a bundle and starts its process. Ends with the status"
                        + " of the process, when the container is removed; with --detach as soon as"
                        + " the process runs."
                    : "Makes a container of a bundle. Its process is there, and executes its"
                        + " program when start tells it to.")
            .arguments("ID", 1, 1)
            .group(
                "The container",
                value("bundle", "DIR", ".", "directory of the bundle; the current one unless given")
                    .letter('b')
                    .completing(Completes.FILE),
                flag("no-pivot", "for an initial ramdisk, where the root cannot be exchanged"))
            .groups(List.of(StartOptions.group()));
    if (starts) {
      syntax.group(
          "Running",
          flag("detach", "leaves it to itself").letter('d'),
          flag("keep", "has no effect with --detach; else the container stays at its end"),
          flag("no-subreaper", "has no effect: bailey is none"));
    }
    return syntax
        .example("bailey oci " + (starts ? "run" : "create") + " -b bundle web", "the usual way")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    var attachment =
        !starts
            ? Attachment.CREATED
            : call.has("detach") ? Attachment.DETACHED : Attachment.FOREGROUND;
    var start = StartOptions.read(call, attachment);
    var _ =
        call.runtime()
            .create(call.id(), call.path(call.value("bundle", ".")), start, !call.has("no-pivot"));
    return 0;
  }
}
