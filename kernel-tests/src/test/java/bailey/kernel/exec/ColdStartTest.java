package bailey.kernel.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Caller;
import bailey.core.kernel.Callers;
import bailey.linux.exec.ExecutorConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of the command line: an executor that starts a JVM to get its plan. */
class ColdStartTest {
  @TempDir static Path folder;
  private static Path program;

  /** The JVM that plans. */
  static final class Planner {
    private Planner() {}

    public static void main(String[] arguments) {
      var callers = ServiceLoader.load(Callers.class).findFirst().orElseThrow();
      try (var caller = callers.starter()) {
        if (arguments.length == 0) {
          say(caller, "no plan, pid " + (caller.call().pid() > 0));
          caller.end(3);
          return;
        }
        var start = caller.executor().execute(SmallPlan.command(0, arguments), List.of()).start();
        var failure = start.join().failure();
        if (failure != null) {
          say(caller, "step " + failure.number() + " errno " + failure.errno());
          caller.end(127);
          return;
        }
        say(caller, "started " + (start.join().pid() > 0));
        caller.end(0);
      } catch (NotPossibleHere e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }

    private static void say(Caller caller, String text) {
      int refused = caller.write(1, (text + "\n").getBytes(UTF_8));
      assert refused == 0 : refused;
    }
  }

  @BeforeAll
  static void extract() throws IOException {
    program = folder.resolve("executor");
    String name = "/bailey/linux/native/linux-" + SmallPlan.ARCH.machine() + "/executor";
    try (var in = ExecutorConnection.class.getResourceAsStream(name)) {
      assertThat(in).isNotNull();
      Files.write(program, in.readAllBytes());
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Outcome(int status, String output) {}

  private static Outcome run(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.add("--cold");
    command.addAll(java());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Planner.class.getName());
  }

  private static Outcome run(List<String> command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  @Test
  void commandIsTheExecutorsAndItsStatusToo() throws Exception {
    var outcome = run("/bin/sh", "-c", "echo $PPID is the parent; exit 5");
    assertThat(outcome.status()).isEqualTo(5);
    assertThat(outcome.output()).contains("started true\n").contains(" is the parent\n");
  }

  @Test
  void failureIsTheJvmsToTell() throws Exception {
    var outcome = run("/nonexistent");
    assertThat(outcome.output()).matches("step \\d+ errno 2\n");
    assertThat(outcome.status()).isEqualTo(127);
  }

  @Test
  void withoutAPlanTheStatusIsTheJvms() throws Exception {
    assertThat(run()).isEqualTo(new Outcome(3, "no plan, pid true\n"));
  }

  @Test
  void plainJvmHasNoStarter() throws Exception {
    var outcome = run(java());
    assertThat(outcome.status()).isEqualTo(3);
    assertThat(outcome.output()).contains("was not started by the bailey program");
  }

  @Test
  void missingJvmFails() throws Exception {
    var outcome = run(List.of(program.toString(), "--cold", "/nonexistent"));
    assertThat(outcome.status()).isEqualTo(125);
  }
}
