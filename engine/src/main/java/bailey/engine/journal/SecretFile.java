package bailey.engine.journal;

import bailey.ContainerKeys;
import bailey.core.error.StateDamaged;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Random bytes that all who use a state directory share and nobody else knows. */
final class SecretFile {
  private SecretFile() {}

  /** Those in a file of the folder, which is made by whoever asks first. */
  static byte[] read(Path folder, String name) {
    var path = folder.resolve(name);
    try {
      Journal.checkPlain(path);
      byte[] bytes = Files.readAllBytes(path);
      if (bytes.length != ContainerKeys.SECRET) {
        throw new StateDamaged(
            path + " has " + bytes.length + " bytes, not " + ContainerKeys.SECRET + "; remove it");
      }
      return bytes;
    } catch (NoSuchFileException _) {
      make(folder, path);
      return read(folder, name);
    } catch (IOException e) {
      throw StateDirectory.failure("reading", path, e);
    }
  }

  /** Whole or not at all; where somebody else was first, it is theirs. */
  private static void make(Path folder, Path path) {
    var bytes = new byte[ContainerKeys.SECRET];
    new SecureRandom().nextBytes(bytes);
    try {
      // of mode 0600
      var fresh = Files.createTempFile(folder, path.getFileName() + ".", ".new");
      try {
        Files.write(fresh, bytes);
        Files.createLink(path, fresh);
      } catch (FileAlreadyExistsException _) {
        // as good
      } finally {
        Files.delete(fresh);
      }
    } catch (IOException e) {
      throw StateDirectory.failure("making", path, e);
    }
  }
}
