package bailey.oci.runtime;

import bailey.core.error.BadRequest;
import bailey.core.kept.Fact.Kind;
import bailey.oci.config.OciConfig;
import bailey.oci.config.OciReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bundle: a directory with a configuration and a root directory.
 *
 * @param directory absolute
 * @param config read
 * @param text the configuration as it was read
 * @param ground by which its files are looked at
 */
record Bundle(Path directory, OciConfig config, String text, Ground ground) {
  private static final String CONFIG = "config.json";

  /**
   * Reads one.
   *
   * @throws BadRequest if it is none, or its configuration is wrong
   */
  static Bundle read(Path directory) {
    var ground = new Ground();
    var bytes = ground.bytes(directory.resolve(CONFIG));
    return new Bundle(
        directory, OciReader.config(bytes), new String(bytes, StandardCharsets.UTF_8), ground);
  }

  /** The root directory, without links. */
  Path root() {
    var path = directory.resolve(config.root().path());
    return ground
        .directory(path)
        .orElseThrow(
            () ->
                new BadRequest(
                    "root.path: "
                        + path
                        + " is no directory; name the container's root directory"));
  }

  /** The home directory that the container's /etc/passwd gives a user; links are not followed. */
  Optional<String> home(long uid) {
    var etc = root().resolve("etc");
    var passwd = etc.resolve("passwd");
    if (ground.at(etc) == Kind.LINK || ground.at(passwd) != Kind.FILE) {
      return Optional.empty();
    }
    return ground
        .text(passwd)
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length > 5 && fields[2].equals(Long.toString(uid)))
        .map(fields -> fields[5])
        .filter(home -> home.startsWith("/"))
        .findFirst();
  }
}
