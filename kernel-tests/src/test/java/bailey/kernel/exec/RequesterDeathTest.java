package bailey.kernel.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.exec.ExecutorConnection;
import bailey.linux.sys.PidFd;
import bailey.linux.sys.Readiness;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A JVM killed without warning takes its executor and what that runs with it. */
class RequesterDeathTest {
  /** The JVM that is killed: says who its executor and its command are, and waits. */
  static final class Victim {
    public static void main(String[] arguments) throws Exception {
      try (var executor = new ExecutorConnection()) {
        var plan = SmallPlan.command(0, "/bin/sleep", "600");
        var execution = executor.execute(plan, List.of());
        System.out.println(executor.pid() + " " + execution.start().get().pid());
        execution.end().get();
      }
    }
  }

  @Test
  void nothingSurvivesTheRequester() throws Exception {
    var jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = new BufferedReader(new InputStreamReader(jvm.getInputStream(), UTF_8))) {
      String line = out.readLine();
      assertThat(line).isNotNull();
      var pids = line.split(" ", -1);
      try (var executor = PidFd.open(Long.parseLong(pids[0]));
          var command = PidFd.open(Long.parseLong(pids[1]))) {
        assertThat(executor.ended()).isFalse();
        assertThat(command.ended()).isFalse();
        jvm.destroyForcibly();
        assertThat(Readiness.await(-1, executor.number())).isZero();
        assertThat(Readiness.await(-1, command.number())).isZero();
      }
    } finally {
      jvm.destroyForcibly();
      jvm.waitFor();
    }
  }
}
