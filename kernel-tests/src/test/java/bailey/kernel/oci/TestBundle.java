package bailey.kernel.oci;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import bailey.testkit.NothingRemains;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A bundle with busybox as its root and the configuration that {@code runc spec} writes, and the
 * runtime for it. Around each test: what the test made and left is removed, and nothing else
 * remains.
 */
final class TestBundle implements BeforeEachCallback, AfterEachCallback {
  /** The launcher in the checkout. */
  static final Path LAUNCHER = Path.of(System.getProperty("bailey.home"), "bailey-oci");

  private static final long PID = ProcessHandle.current().pid();

  private static final List<String> APPLETS =
      List.of(
          "sh",
          "ls",
          "cat",
          "ps",
          "id",
          "echo",
          "sleep",
          "mount",
          "umount",
          "true",
          "false",
          "hostname",
          "kill",
          "ln",
          "rm",
          "mkdir",
          "touch",
          "dd",
          "grep",
          "readlink",
          "stat",
          "mknod",
          "chmod",
          "tty",
          "pwd",
          "test",
          "wc",
          "env",
          "ulimit",
          "mv",
          "cp",
          "head");

  private static int made;

  private final String mark = "bailey-test-oci-" + PID + "-" + ++made;
  private final NothingRemains remains = new NothingRemains(path -> path.contains(mark));
  private final Map<String, String> planning;
  private Path directory = Path.of("/nowhere");
  private String config = "";

  /** With the planner that is there for all commands of this user, where one may be. */
  TestBundle() {
    this(Map.of("BAILEY_SERVE", System.getProperty("bailey.serve", "on")));
  }

  /**
   * With another one.
   *
   * @param planning environment that says which planner is asked
   */
  TestBundle(Map<String, String> planning) {
    this.planning = planning;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    Program.require("runc");
    Program.require("busybox");
    remains.beforeEach(context);
    directory = Files.createTempDirectory(mark);
    var bin = Files.createDirectories(root().resolve("bin"));
    Files.copy(Path.of("/usr/bin/busybox"), bin.resolve("busybox"));
    for (var applet : APPLETS) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Program.run(directory, List.of("runc", "spec"));
    config = Files.readString(configFile());
    replace("\"terminal\": true", "\"terminal\": false");
    replace("\"linux\": {", "\"linux\": {\n\"cgroupsPath\": \"/" + mark + "/one\",");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    for (var id : list()) {
      run("delete", "--force", id);
    }
    removeGroups();
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
    remains.afterEach(context);
  }

  /** What is above the container's own groups is its engine's to remove. */
  private void removeGroups() throws IOException {
    try (var hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (var hierarchy : hierarchies.filter(Files::isDirectory).toList()) {
        Files.deleteIfExists(hierarchy.resolve(mark));
      }
    }
    Files.deleteIfExists(Path.of("/sys/fs/cgroup", mark));
  }

  private List<String> list() {
    return run("list", "--quiet").out().lines().toList();
  }

  private Path configFile() {
    return directory.resolve("config.json");
  }

  /** The directory of the bundle. */
  Path directory() {
    return directory;
  }

  /** Its root directory. */
  Path root() {
    return directory.resolve("rootfs");
  }

  /** The path of its control groups in each hierarchy. */
  String group() {
    return "/" + mark + "/one";
  }

  /** Changes the text of the configuration, which must be there. */
  TestBundle replace(String text, String by) {
    if (!config.contains(text)) {
      throw new IllegalArgumentException(text + " is not in " + config);
    }
    config = config.replace(text, by);
    try {
      Files.writeString(configFile(), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** What its process executes. */
  TestBundle command(String... words) {
    return replace("\"sh\"\n", quoted(words) + "\n");
  }

  /** A shell script that its process executes. */
  TestBundle script(String script) {
    return command("sh", "-c", script);
  }

  /** A mount after those there are. */
  TestBundle mount(String json) {
    return replace("\"mounts\": [", "\"mounts\": [")
        .replace("\n\t],\n\t\"linux\"", ",\n" + json.replace('\'', '"') + "\n\t],\n\t\"linux\"");
  }

  /** A field of linux. */
  TestBundle linux(String json) {
    return replace("\"linux\": {", "\"linux\": {\n" + json.replace('\'', '"') + ",");
  }

  /** A user namespace of its own, whose root is 100000 outside and has the root directory. */
  TestBundle users() throws IOException {
    Files.setAttribute(root(), "unix:uid", 100_000);
    for (var file : List.of(directory, root())) {
      if (!file.toFile().setExecutable(true, false)) {
        throw new IOException(file + " cannot be made another's to enter");
      }
    }
    return linux("'uidMappings': [{'containerID': 0, 'hostID': 100000, 'size': 1000}]")
        .linux("'gidMappings': [{'containerID': 0, 'hostID': 100000, 'size': 1000}]")
        .replace("\"type\": \"pid\"", "\"type\": \"user\"\n},\n{\n\"type\": \"pid\"");
  }

  /** A field of the whole. */
  TestBundle field(String json) {
    return replace("\"linux\": {", json.replace('\'', '"') + ",\n\"linux\": {");
  }

  static String quoted(String... words) {
    var quoted = new ArrayList<String>();
    for (var word : words) {
      quoted.add(
          "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"");
    }
    return String.join(", ", quoted);
  }

  /** Runs the runtime in the bundle's directory. */
  Program.Result run(String... words) {
    var all = new ArrayList<String>();
    all.add(LAUNCHER.toString());
    all.addAll(List.of("--root", directory.resolve("state").toString()));
    all.addAll(Arrays.asList(words));
    return Program.run(directory, all, planning);
  }
}
