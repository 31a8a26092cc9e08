package bailey.cli.oci;

import static bailey.cli.syntax.OptionSyntax.flag;
import static bailey.cli.syntax.OptionSyntax.value;

import bailey.cli.syntax.CommandSyntax;
import bailey.cli.syntax.Completes;
import bailey.core.error.BadRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** Writes a configuration to begin with. */
final class SpecVerb implements Verb {
  @Override
  public CommandSyntax syntax() {
    return CommandSyntax.of("oci spec", "writes a config.json to begin with")
        .description(
            "Writes a config.json to the directory of a bundle: a shell in a root directory called"
                + " rootfs, with all usual walls. What is there is not replaced.")
        .group(
            "Options",
            value("bundle", "DIR", ".", "directory of the bundle; the current one unless given")
                .letter('b')
                .completing(Completes.DIRECTORY),
            flag("rootless", "for a user who is not root: he is root inside"))
        .example("bailey oci spec -b bundle", "for the bundle in that directory")
        .build();
  }

  @Override
  public int run(VerbCall call) {
    var file = call.path(call.value("bundle", ".")).resolve("config.json");
    try {
      Files.writeString(
          file,
          call.runtime().spec(call.has("rootless")),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
      return 0;
    } catch (FileAlreadyExistsException e) {
      throw new BadRequest(file + ": it is there already; remove it first", e);
    } catch (IOException e) {
      throw new BadRequest(
          file + " cannot be written: " + e.getMessage() + "; name another directory", e);
    }
  }
}
