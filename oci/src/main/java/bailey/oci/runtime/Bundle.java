package bailey.oci.runtime;

import bailey.core.error.BadRequest;
import bailey.oci.config.OciConfig;
import bailey.oci.config.OciReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bundle: a directory with a configuration and a root directory.
 *
 * @param directory absolute
 * @param config read
 * @param text the configuration as it was read
 */
record Bundle(Path directory, OciConfig config, String text) {
  private static final String CONFIG = "config.json";

  /**
   * Reads one.
   *
   * @throws BadRequest if it is none, or its configuration is wrong
   */
  static Bundle read(Path directory) {
    var file = directory.resolve(CONFIG);
    var bytes = bytes(file);
    return new Bundle(
        directory, OciReader.config(bytes), new String(bytes, StandardCharsets.UTF_8));
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new BadRequest(
          file + ": there is no such file; name the directory of a bundle by --bundle", e);
    } catch (IOException e) {
      throw new BadRequest(
          file + " cannot be read: " + e.getMessage() + "; make it readable for this user", e);
    }
  }

  /** The root directory, without links. */
  Path root() {
    var path = directory.resolve(config.root().path());
    try {
      var real = path.toRealPath();
      if (Files.isDirectory(real)) {
        return real;
      }
    } catch (IOException _) { // said below
    }
    throw new BadRequest(
        "root.path: " + path + " is no directory; name the container's root directory");
  }

  /** The home directory that the container's /etc/passwd gives a user; links are not followed. */
  Optional<String> home(long uid) {
    var passwd = root().resolve("etc").resolve("passwd");
    try {
      if (Files.isSymbolicLink(passwd.getParent())
          || !Files.isRegularFile(passwd, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      return Files.readAllLines(passwd, StandardCharsets.ISO_8859_1).stream()
          .map(line -> line.split(":", -1))
          .filter(fields -> fields.length > 5 && fields[2].equals(Long.toString(uid)))
          .map(fields -> fields[5])
          .filter(home -> home.startsWith("/"))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty(); // then it is /
    }
  }
}
