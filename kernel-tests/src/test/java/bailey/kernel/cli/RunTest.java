package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
  @ParameterizedTest
  @CsvSource({"exit 0,0", "exit 7,7", "exit 255,255", "kill -9 $$,137", "kill -TERM $$,143"})
  void endsAsTheCommandEnds(String script, int status) {
    var result = Bailey.run("run", "--", "sh", "-c", script);
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void tellsNotFoundFromNotExecutable(@TempDir Path folder) {
    var missing = Bailey.run("run", "--", "/no/such/program");
    assertThat(missing.status()).isEqualTo(127);
    assertThat(missing.err()).startsWith("bailey: ").contains("/no/such/program").hasLineCount(1);
    var unknown = Bailey.run("run", "--", "no-such-program");
    assertThat(unknown.status()).isEqualTo(127);
    assertThat(unknown.err()).startsWith("bailey: ").contains("no-such-program").hasLineCount(1);
    var refused = Bailey.run("run", "--", "/etc/passwd");
    assertThat(refused.status()).isEqualTo(126);
    assertThat(refused.err()).startsWith("bailey: ").contains("/etc/passwd", "EACCES");
  }

  @Test
  void badInputIsOneSentence(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("file"), "").toString();
    for (var options :
        List.of(
            List.of("--root", file),
            List.of("--root", folder + "/none"),
            List.of("--bind", folder + "/none:/mnt"),
            List.of("--memory", "64Q"),
            List.of("--set", "memory.maximum=1"),
            List.of("--hostname", "x".repeat(65)))) {
      var words = new ArrayList<String>();
      words.add("run");
      words.addAll(options);
      words.addAll(List.of("--", "true"));
      var result = Bailey.run("", words);
      assertThat(result.status()).as("%s: %s", options, result.err()).isEqualTo(125);
      assertThat(result.err()).startsWith("bailey: ").hasLineCount(1);
      assertThat(result.out()).isEmpty();
    }
  }

  /** Its own control groups, and none of what the machine has mounted in its /sys. */
  @Test
  void theSharedNetworkDoesNotShareAllOfSys() {
    var result =
        Bailey.run(
            "run",
            "--net",
            "host",
            "--",
            "sh",
            "-c",
            "cat /proc/self/mounts | cut -d' ' -f2,3 | grep '^/sys' | grep -v cgroup | sort -u;"
                + " find /sys/fs/cgroup -name bailey; find /sys/fs/cgroup -name cgroup.procs"
                + " | xargs cat | grep -cx 1");
    assertThat(result.status()).as(result.err()).isZero();
    var lines = result.out().lines().toList();
    assertThat(lines.subList(0, lines.size() - 1))
        .allMatch(line -> line.endsWith(" tmpfs") || line.equals("/sys sysfs"));
  }

  @Test
  void theWallsAreUp() {
    String name = Bailey.name();
    var result =
        Bailey.run(
            "run",
            "--name",
            name,
            "--",
            "sh",
            "-c",
            "hostname; id -u; set -- /proc/[0-9]*; echo $#; ls /sys/class/net;"
                + " wc -c < /etc/shadow; ls -A /root | wc -l");
    // the processes are bailey's and the shell
    assertThat(result.out().lines()).containsExactly(name, "0", "2", "lo", "0", "0");
    assertThat(result.status()).as(result.err()).isZero();
  }

  @Test
  void bytesArriveAsTheyWereSent() {
    var result =
        Bailey.shell(
            "A=$'\\377\\n"
                + " x' \"$BAILEY\" run --name \"test-$$ ü\" -e B=$'\\200' -- sh -c 'printf"
                + " \"%s|%s|%s|%s\" \"$A\" \"$B\" \"$1\" \"$2\"' sh $'\\303(\\t' '\"q\"'");
    assertThat(result.bytes()).isEqualTo("\u00ff\n x|\u0080|\u00c3(\t|\"q\"");
  }

  @Test
  void tenThousandArguments() {
    var words = new ArrayList<>(List.of("run", "--", "sh", "-c", "echo $#", "sh"));
    for (int i = 0; i < 10_000; i++) {
      words.add("argument-" + i);
    }
    assertThat(Bailey.run("", words).out()).isEqualTo("10000\n");
  }

  @Test
  void anEmptyEnvironmentStaysNearlyEmpty() {
    var result =
        Bailey.program(
            "",
            List.of("env", "-i", Bailey.LAUNCHER.toString(), "run", "--", "/usr/bin/env"),
            Map.of());
    assertThat(result.status()).as(result.err()).isZero();
    // PWD is what the shell that the launcher is written in adds
    assertThat(result.out().lines()).allMatch(line -> line.startsWith("PWD="));
  }

  @Test
  void standardInputIsTheCommandsOwn() {
    assertThat(Bailey.run("a\nb\n", List.of("run", "--", "cat", "-n")).out())
        .isEqualTo("     1\ta\n     2\tb\n");
  }

  @Test
  void processOptions(@TempDir Path folder) {
    var result =
        Bailey.run(
            "run",
            "-u",
            "daemon",
            "-w",
            "/usr",
            "--clean-env",
            "-e",
            "A=1",
            "--hostname",
            "h",
            "--rlimit",
            "nofile=99",
            "--",
            "sh",
            "-c",
            "id -un; pwd; env | sort; hostname; ulimit -n");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .containsExactly(
            "daemon",
            "/usr",
            "A=1",
            "HOME=/usr/sbin",
            "LOGNAME=daemon",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PWD=/usr",
            "USER=daemon",
            "h",
            "99");
  }

  @Test
  void fileOptions(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("in"), "there\n");
    var result =
        Bailey.run(
            "run",
            "-v",
            folder + ":/mnt",
            "-v",
            folder + ":/srv:ro",
            "--tmpfs",
            "/opt:1M",
            "--",
            "sh",
            "-c",
            "cat /mnt/in; echo new > /mnt/out; echo no > /srv/no; cat /srv/out;"
                + " head -c 2M /dev/zero > /opt/x; stat -c %s /opt/x; touch /etc/written");
    assertThat(result.out().lines()).containsExactly("there", "new", "1048576");
    assertThat(result.err()).contains("/srv/no", "No space left on device");
    assertThat(Files.readString(folder.resolve("out"))).isEqualTo("new\n");
    assertThat(folder.resolve("no")).doesNotExist();
    assertThat(Path.of("/etc/written")).doesNotExist();
  }

  @Test
  void readOnlyMeansThat() {
    var result = Bailey.run("run", "--read-only", "--", "sh", "-c", "touch /etc/x");
    assertThat(result.status()).isNotZero();
    assertThat(result.err()).contains("Read-only file system");
  }

  @Test
  void aTimeoutIsReported() {
    var result = Bailey.run("run", "--timeout", "200ms", "--", "sleep", "1000");
    assertThat(result.status()).isEqualTo(137);
    assertThat(result.err()).contains("because its time was up").contains("sleep 1000");
  }

  @Test
  void aReportIsPrintedWhereAsked() {
    var result = Bailey.run("run", "--report", "--", "sh", "-c", "exit 3");
    assertThat(result.status()).isEqualTo(3);
    assertThat(result.err()).contains("exited with status 3", "command", "exit 3", "CPU");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void explainPrintsThePlanAndDoesNothing() {
    String name = Bailey.name();
    var text = Bailey.run("explain", "run", "--name", name, "--hostname", "h", "--", "true");
    assertThat(text.status()).as(text.err()).isZero();
    assertThat(text.out()).startsWith("run " + name).contains("sethostname", "# --hostname");
    var json = Bailey.run("explain", "--json", "run", "--name", name, "--", "true");
    assertThat(json.json())
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("title", "run " + name)
        .containsKey("steps");
    assertThat(Bailey.run("ps", "-aq").out().lines()).doesNotContain(name);
  }
}
