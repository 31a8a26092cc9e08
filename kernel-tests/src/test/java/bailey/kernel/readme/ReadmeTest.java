package bailey.kernel.readme;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.KernelFeatures;
import bailey.linux.LinuxKernel;
import bailey.testkit.KernelAbility;
import bailey.testkit.NothingRemains;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the README, and of the scenarios, do what is shown. Each starts a JVM, some fifty
 * in all, which is long in an emulated machine: the tag lets those who run tests there leave these
 * out.
 */
@Tag("tour")
class ReadmeTest {
  private static final Path HOME = Path.of(System.getProperty("bailey.home"));

  /** Where containers saw themselves in /proc somebody serves that, and waits for more of them. */
  private static final String END_VIEWS =
      "v=$BAILEY_STATE/view; if mountpoint -q \"$v\"; then ./bailey umount --force \"$v\"; fi";

  private static final Path README = HOME.resolve("README.md");
  private static final String ORDINARY = "an ordinary user";

  /** The number of the account that has nothing on any Linux machine. */
  private static final String NOBODY = "65534";

  private static final List<String> BECOME_NOBODY =
      List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");

  @Test
  void theTourWorksAsShown(@TempDir Path folder) throws IOException {
    requireRoot();
    for (var controller : List.of("memory", "pids", "cpu")) {
      KernelAbility.require(
          features().controllers().controllers().containsKey(controller),
          controller + " controller");
    }
    requirePrograms("ps", "hostname");
    var state = folder.resolve("state");
    tour(README, "", new Session(HOME, List.of("bash"), environment(state)), folder, state);
  }

  /** One of its scenarios binds a controller to a hierarchy of its own, which only v1 can. */
  @Test
  void theScenariosWorkAsShown(@TempDir Path folder) throws IOException {
    requireRoot();
    Assumptions.assumeTrue(features().cgroups().mounts().containsKey("cpu"), "v1: cpu");
    requirePrograms("ps", "pgrep", "taskset", "setsid");
    var state = folder.resolve("state");
    var page = HOME.resolve("docs/scenarios.md");
    tour(page, "", new Session(HOME, List.of("bash"), environment(state)), folder, state);
  }

  @Test
  void anOrdinaryUserGetsWhatIsShown(@TempDir Path folder) throws IOException {
    requireRoot();
    requirePrograms("ps", "hostname", "setpriv", "unshare");
    KernelAbility.require(
        status(folder, nobody("unshare", "--user", "--map-root-user", "true")) == 0,
        "user namespaces of ordinary users");
    // a copy, because a checkout may be in a place that ordinary users cannot read
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var copy = Files.createDirectory(folder.resolve("bailey"));
    run("cp", "-a", "--parents", "bailey", "tools/jdk.sh", "cli/target/dist", copy + "/");
    var home = Files.createDirectory(folder.resolve("home"));
    run("chown", NOBODY + ":" + NOBODY, home.toString());
    var state = home.resolve("state");
    var environment = environment(state);
    environment.put("HOME", home.toString());
    environment.put("XDG_RUNTIME_DIR", "");
    tour(
        README,
        ORDINARY,
        new Session(copy, nobodyUnderSystemd("bash"), environment),
        folder,
        state);
  }

  /** Types all that this reader is to type, compares, and sees to it that nothing is left. */
  static void tour(Path page, String reader, Session session, Path folder, Path state)
      throws IOException {
    var exchanges = new ArrayList<Exchange>();
    for (var fence : Fence.all(Files.readString(page))) {
      if (fence.language().equals("console") && fence.reader().equals(reader)) {
        exchanges.addAll(Exchange.of(fence));
      }
    }
    assertThat(exchanges).as("commands for " + reader).isNotEmpty();
    var differences = new ArrayList<String>();
    List<List<String>> left;
    try {
      var outputs = session.type(exchanges, Files.createFile(folder.resolve("tour")));
      for (int i = 0; i < exchanges.size(); i++) {
        var output = i < outputs.size() ? outputs.get(i) : List.of("(the shell has ended)");
        if (!exchanges.get(i).shows(output)) {
          differences.add(difference(page, exchanges.get(i), output));
        }
      }
    } finally {
      left =
          session.type(
              List.of(
                  new Exchange(0, "./bailey ps -aq", List.of()),
                  new Exchange(0, "./bailey ps -aq | tac | xargs -r ./bailey rm -f", List.of()),
                  new Exchange(0, END_VIEWS, List.of())),
              Files.createFile(folder.resolve("tidy")));
      removeGroups(state);
    }
    assertThat(differences).isEmpty();
    assertThat(left)
        .as("containers that the tour leaves")
        .containsExactly(List.of(), List.of(), List.of());
  }

  private static String difference(Path page, Exchange exchange, List<String> output) {
    return "%s line %d: $ %s\nshows:\n%s\nprints:\n%s\n"
        .formatted(
            page.getFileName(),
            exchange.line(),
            exchange.command(),
            String.join("\n", exchange.expected()),
            String.join("\n", output));
  }

  /** A state directory of its own has groups of its own, named by it. */
  static void removeGroups(Path state) throws IOException {
    var name = "bailey" + NothingRemains.groupSuffix(state.toString());
    var layout = features().cgroups();
    var points = new ArrayList<>(layout.mounts().values());
    layout.unified().ifPresent(points::add);
    for (var point : points) {
      var base = layout.base().map(path -> path.substring(0, path.lastIndexOf('/'))).orElse("");
      Files.deleteIfExists(Path.of(point + base, name));
    }
  }

  private static Map<String, String> environment(Path state) {
    var environment = new HashMap<String, String>();
    environment.put("BAILEY_STATE", state.toString());
    environment.put("LC_ALL", "C.UTF-8");
    environment.put(
        "PATH", System.getProperty("java.home") + "/bin:" + System.getenv().get("PATH"));
    return environment;
  }

  private static KernelFeatures features() {
    try (var kernel = new LinuxKernel()) {
      return kernel.features();
    }
  }

  private static void requireRoot() {
    KernelAbility.require(features().uid() == 0, "root");
  }

  private static void requirePrograms(String... programs) {
    for (var program : programs) {
      boolean there = false;
      for (var folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
        there |= new File(folder, program).canExecute();
      }
      KernelAbility.require(there, "the program " + program);
    }
  }

  /**
   * With mounts below /run, as systemd makes them: such a part of the root cannot be copied by
   * overlayfs in a user namespace.
   */
  private static List<String> nobodyUnderSystemd(String... command) {
    var words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
    words.add(
        "mount -t tmpfs run /run && mkdir /run/lock && mount -t tmpfs lock /run/lock"
            + " && exec \"$@\"");
    words.add("sh");
    words.addAll(nobody(command));
    return words;
  }

  private static List<String> nobody(String... command) {
    var words = new ArrayList<>(BECOME_NOBODY);
    words.addAll(List.of(command));
    return words;
  }

  private static void run(String... command) throws IOException {
    assertThat(status(HOME, List.of(command))).as(String.join(" ", command)).isZero();
  }

  private static int status(Path folder, List<String> command) throws IOException {
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
