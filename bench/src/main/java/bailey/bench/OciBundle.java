package bailey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Bundles for OCI runtimes, as {@code runc spec} makes one, with a static busybox as the root, in
 * memory, and the state directories of the runtimes beside them. Removed when closed.
 */
final class OciBundle implements AutoCloseable {
  private static final String CGROUP_MOUNT =
      ",?\\s*\\{[^{}]*\"type\": \"cgroup\",[^{}]*\\}(?=\\s*\\])";
  private static final String RESOURCES = "\"resources\": \\{[^\\]]*\\]\\s*\\},";

  private final Path directory;
  private final String spec;

  private OciBundle(Path directory, String spec) {
    this.directory = directory;
    this.spec = spec;
  }

  /**
   * Makes them.
   *
   * @param parent of their directory, in memory
   * @param runtime that has the verb spec
   * @param payload static program, which is /bin/true in it: busybox is
   */
  static OciBundle make(Path parent, String runtime, Path payload) throws IOException {
    var directory = Files.createTempDirectory(parent, "bailey-bench-oci-");
    for (var folder : List.of("rootfs/bin", "rootfs/proc", "rootfs/sys", "rootfs/dev")) {
      Files.createDirectories(directory.resolve(folder));
    }
    Files.copy(payload, directory.resolve("rootfs/bin/busybox"));
    Files.createSymbolicLink(directory.resolve("rootfs/bin/true"), Path.of("busybox"));
    var bundle = new OciBundle(directory, spec(runtime, directory));
    var plain = bundle.spec.replaceFirst(CGROUP_MOUNT, "").replaceFirst(RESOURCES, "");
    bundle.write("plain", plain);
    bundle.write("waiting", plain.replace("\"/bin/true\"", "\"/bin/busybox\", \"sleep\", \"900\""));
    var limits =
        "\"resources\": {\"memory\": {\"limit\": %d}, \"pids\": {\"limit\": %d}, "
            .formatted(Bundle.MEMORY, Bundle.PIDS);
    bundle.write("limited", bundle.spec.replace("\"resources\": {", limits));
    return bundle;
  }

  private static String spec(String runtime, Path directory) throws IOException {
    var process = new ProcessBuilder(runtime, "spec").directory(directory.toFile()).start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(runtime + " spec failed");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Files.readString(directory.resolve("config.json"))
        .replace("\"terminal\": true", "\"terminal\": false")
        .replace("\"sh\"", "\"/bin/true\"")
        .replace("\"rootfs\"", "\"" + directory.resolve("rootfs") + "\"");
  }

  private void write(String name, String config) throws IOException {
    var folder = Files.createDirectory(directory.resolve(name));
    Files.writeString(folder.resolve("config.json"), config);
  }

  /** The directory of a bundle: plain, waiting or limited. */
  String bundle(String name) {
    return directory.resolve(name).toString();
  }

  /** The root directory of all. */
  String root() {
    return directory.resolve("rootfs").toString();
  }

  /** A state directory, which need not be there. */
  String state(String name) {
    return directory.resolve("state-" + name).toString();
  }

  @Override
  public void close() {
    Bundle.remove(directory);
  }
}
