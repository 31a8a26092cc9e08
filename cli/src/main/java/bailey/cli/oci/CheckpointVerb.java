package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.core.error.NotPossibleHere;

/** Says that containers are not carried away: engines ask for it by these verbs. */
final class CheckpointVerb implements Verb {
  private final String verb;

  CheckpointVerb(String verb) {
    this.verb = verb;
  }

  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci " + verb, "is refused: containers are not carried away")
        .description(
            "Is refused, whatever it is given: bailey writes no checkpoints. It is here so that an"
                + " engine is told so.")
        .arguments("ID", 1, 1)
        .group(
            "Options",
            value("image-path", "DIR", "/tmp/image", "has no effect"),
            value("work-path", "DIR", "/tmp/work", "has no effect"),
            value("parent-path", "DIR", "/tmp/before", "has no effect"),
            value("bundle", "DIR", ".", "has no effect").letter('b'),
            value("pid-file", "PATH", "/run/pid", "has no effect"),
            value("console-socket", "PATH", "/tmp/console.sock", "has no effect"),
            value("status-fd", "N", "3", "has no effect"),
            value("manage-cgroups-mode", "MODE", "soft", "has no effect"),
            value("empty-ns", "KIND", "network", "has no effect").many(),
            flag("leave-running", "has no effect"),
            flag("tcp-established", "has no effect"),
            flag("ext-unix-sk", "has no effect"),
            flag("shell-job", "has no effect"),
            flag("file-locks", "has no effect"),
            flag("pre-dump", "has no effect"),
            flag("lazy-pages", "has no effect"),
            flag("auto-dedup", "has no effect"),
            flag("no-subreaper", "has no effect"),
            flag("no-pivot", "has no effect"),
            flag("detach", "has no effect").letter('d'))
        .example("bailey oci " + verb + " web", "says that it is not possible")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    throw new NotPossibleHere(
        verb
            + ": bailey writes no checkpoints and restores none; pause keeps container "
            + call.id()
            + " where it is");
  }
}
