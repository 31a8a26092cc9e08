package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.testkit.NothingRemains;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the planner that stays, each with one of its own: with a state directory of its own. */
abstract class OwnPlanner {
  static final String PROGRAM =
      Bailey.LAUNCHER.resolveSibling("cli/target/dist/bin/bailey").toString();

  @RegisterExtension
  final NothingRemains check = new NothingRemains(path -> path.contains("test-serve"));

  @TempDir Path folder;
  Path state;
  private List<ProcessHandle> before = List.of();
  final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void setState() {
    before = Planners.all();
    state = folder.resolve("state");
    environment.put("BAILEY_STATE", state.toString());
    environment.put("BAILEY_SERVE", "on");
    environment.put("BAILEY_IDLE", "10m");
  }

  @AfterEach
  void end() {
    for (var planner : Planners.all()) {
      if (!before.contains(planner)) {
        planner.destroyForcibly();
        planner.onExit().join();
      }
    }
    bailey(Map.of("BAILEY_SERVE", "off"), "gc"); // removes the groups of this state directory
  }

  /** The JDK opens a socket with its first, and keeps it. */
  @BeforeAll
  static void openTheJdksOwnSockets() throws IOException {
    SocketChannel.open(StandardProtocolFamily.UNIX).close();
  }

  /** Those that listen here. */
  List<ProcessHandle> planners() {
    var found = new ArrayList<ProcessHandle>();
    for (var planner : Planners.all()) {
      try (var files = Files.list(Path.of("/proc/" + planner.pid() + "/fd"))) {
        if (files.anyMatch(link -> leads(link, state))) {
          found.add(planner);
        }
      } catch (IOException _) { // it has ended
      }
    }
    return found;
  }

  private static boolean leads(Path link, Path to) {
    try {
      return Files.readSymbolicLink(link).startsWith(to);
    } catch (IOException _) {
      return false;
    }
  }

  Bailey.Result bailey(String... arguments) {
    return bailey(Map.of(), arguments);
  }

  Bailey.Result bailey(Map<String, String> more, String... arguments) {
    var words = new ArrayList<>(List.of(PROGRAM));
    words.addAll(List.of(arguments));
    return program(more, words);
  }

  Bailey.Result program(Map<String, String> more, List<String> words) {
    var all = new HashMap<>(environment);
    all.putAll(more);
    return Bailey.program("", words, all);
  }

  Bailey.Result shell(String script) {
    return program(Map.of("BAILEY", PROGRAM), List.of("bash", "-c", script));
  }

  Map<?, ?> status() {
    var result = bailey("serve", "--status", "--json");
    assertThat(result.err()).isEmpty();
    return result.status() == 0 && result.json() instanceof Map<?, ?> map ? map : Map.of();
  }

  /** Has a planner started, which lets others in when it has answered the first. */
  ProcessHandle started() {
    assertThat(bailey("version").status()).isZero();
    awaitSocket();
    return planner();
  }

  /** Until it lets others in. */
  void awaitSocket() {
    while (!Files.exists(state.resolve("serve/socket")) || status().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  long number(String name) {
    return status().get(name) instanceof Number number ? number.longValue() : -1;
  }

  /** The planner that answers now. */
  ProcessHandle planner() {
    return ProcessHandle.of(number("pid")).orElseThrow();
  }

  void serveFolder(String mode) throws IOException {
    Files.createDirectory(state);
    var made = Files.createDirectory(state.resolve("serve"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
  }
}
