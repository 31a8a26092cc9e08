package bailey.kernel.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** An image of busybox, in the form that {@code docker save} writes: nothing is pulled here. */
final class EngineImage {
  /** How engines call it. */
  static final String NAME = "localhost/bb:latest";

  private EngineImage() {}

  /** Makes it in a directory, and returns the archive. */
  static Path make(Path directory) throws IOException {
    var root = directory.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of("/usr/bin/busybox"), root.resolve("bin/busybox"));
    for (var applet : List.of("sh", "ls", "cat", "ps", "id", "sleep", "grep", "tty", "hostname")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    tar(root, directory.resolve("layer.tar"), ".");
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"architecture": "%s", "os": "linux", "config": {"Env": ["PATH=/bin"]},
         "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}
        """
            .formatted(architecture(), sha256(directory.resolve("layer.tar"))),
        StandardCharsets.UTF_8);
    Files.writeString(
        directory.resolve("manifest.json"),
        """
        [{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]
        """
            .formatted(NAME),
        StandardCharsets.UTF_8);
    var archive = directory.resolve("image.tar");
    tar(directory, archive, "manifest.json", "config.json", "layer.tar");
    return archive;
  }

  private static void tar(Path directory, Path archive, String... names) {
    var words =
        new ArrayList<>(List.of("tar", "-C", directory.toString(), "-cf", archive.toString()));
    words.addAll(List.of(names));
    var made = Program.run(directory, words);
    if (made.status() != 0) {
      throw new IllegalStateException(made.err());
    }
  }

  private static String architecture() {
    var arch = System.getProperty("os.arch");
    return arch.equals("aarch64") ? "arm64" : arch;
  }

  private static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
