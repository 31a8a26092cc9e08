package bailey.bench;

import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.KernelPaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One container for all: a root directory with a static program, and OCI bundles that ask for what
 * bailey does by default: the same namespaces, mounts, hidden paths and capabilities. Removed when
 * closed.
 */
final class Bundle implements AutoCloseable {
  /** What {@code limited} bundles may use of memory, bytes. */
  static final long MEMORY = 64 << 20;

  /** How many tasks {@code limited} bundles may have. */
  static final int PIDS = 100;

  private final Path programs;
  private final Path directory;

  private Bundle(Path programs, Path directory) {
    this.programs = programs;
    this.directory = directory;
  }

  /** Made from the programs that build.sh has compiled into {@code programs}. */
  static Bundle make(Path programs) throws IOException {
    var bundle = new Bundle(programs, Files.createTempDirectory("bailey-bench-"));
    for (var folder : List.of("bin", "proc", "sys", "dev")) {
      Files.createDirectories(bundle.root().resolve(folder));
    }
    Files.copy(programs.resolve("true"), bundle.root().resolve("bin/true"));
    bundle.write("plain", "", "");
    bundle.write(
        "limited",
        "\"resources\": {\"memory\": {\"limit\": %d}, \"pids\": {\"limit\": %d}},"
            .formatted(MEMORY, PIDS),
        CGROUP_MOUNT);
    return bundle;
  }

  private void write(String name, String resources, String mount) throws IOException {
    var folder = Files.createDirectory(directory.resolve(name));
    Files.writeString(folder.resolve("config.json"), config(resources, mount));
  }

  Path directory() {
    return directory;
  }

  /** The root directory: /bin/true and the places to mount on. */
  Path root() {
    return directory.resolve("rootfs");
  }

  /** The bundle of this name, {@code plain} or {@code limited}. */
  String bundle(String name) {
    return directory.resolve(name).toString();
  }

  /** The path of one of the benchmark's own programs. */
  String program(String name) {
    return programs.resolve(name).toString();
  }

  private String config(String resources, String mount) {
    var kept =
        Arrays.stream(Capability.values())
            .filter(CapabilitySet.CONTAINER_DEFAULT::contains)
            .map(capability -> "\"CAP_" + capability.name() + "\"")
            .collect(Collectors.joining(", ", "[", "]"));
    return CONFIG
        .replace("@CAPABILITIES@", kept)
        .replace("@ROOT@", root().toString())
        .replace("@CGROUP@", mount)
        .replace("@RESOURCES@", resources)
        .replace("@MASKED@", paths(KernelPaths.MASKED))
        .replace("@READ_ONLY@", paths(KernelPaths.READ_ONLY));
  }

  private static String paths(List<KernelPaths.KernelPath> paths) {
    return paths.stream()
        .map(path -> "\"" + path.path() + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public void close() {
    remove(directory);
  }

  /** Removes a directory and all that is in it. */
  static void remove(Path directory) {
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not for crun, which refuses to make it where cgroup v1 and v2 are mounted side by side. */
  private static final String CGROUP_MOUNT =
      """
      ,
          {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
            "options": ["nosuid", "noexec", "nodev", "ro"]}\
      """;

  private static final String CONFIG =
      """
      {
        "ociVersion": "1.0.0",
        "process": {
          "terminal": false,
          "user": {"uid": 0, "gid": 0},
          "args": ["/bin/true"],
          "env": [],
          "cwd": "/",
          "capabilities": {
            "bounding": @CAPABILITIES@,
            "effective": @CAPABILITIES@,
            "permitted": @CAPABILITIES@
          },
          "noNewPrivileges": true
        },
        "root": {"path": "@ROOT@", "readonly": false},
        "hostname": "bench",
        "mounts": [
          {"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
            "options": ["nosuid", "noexec", "strictatime", "mode=755", "size=64k"]},
          {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
            "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
          {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
            "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=64m"]},
          {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
            "options": ["nosuid", "noexec", "nodev"]},
          {"destination": "/sys", "type": "sysfs", "source": "sysfs",
            "options": ["nosuid", "noexec", "nodev", "ro"]}@CGROUP@
        ],
        "linux": {
          @RESOURCES@
          "namespaces": [
            {"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"},
            {"type": "mount"}, {"type": "cgroup"}
          ],
          "maskedPaths": @MASKED@,
          "readonlyPaths": @READ_ONLY@
        }
      }
      """;
}
