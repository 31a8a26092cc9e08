package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of a container by the verbs of a runtime. */
class OciLifeTest {
  @RegisterExtension final TestBundle bundle = new TestBundle();

  private String status(String id) {
    var state = bundle.run("state", id);
    assertThat(state.status()).as(state.err()).isZero();
    return state.out().replaceAll("(?s).*\"status\": \"([a-z]+)\".*", "$1");
  }

  private void succeeds(String... words) {
    var result = bundle.run(words);
    assertThat(result.status()).as(result.err()).isZero();
  }

  @Test
  void runEndsAsItsProcessAndLeavesNothing() {
    bundle.script("echo hello; hostname; exit 7");
    var result = bundle.run("run", "one");
    assertThat(result.status()).as(result.err()).isEqualTo(7);
    assertThat(result.out()).isEqualTo("hello\nrunc\n");
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  @Test
  void aProcessWaitsUntilItIsStarted() throws IOException {
    bundle.script("echo started > /dev/shm/file; exec sleep 1000");
    succeeds("create", "--pid-file", "pid", "one");
    assertThat(status("one")).isEqualTo("created");
    long pid = Long.parseLong(Files.readString(bundle.directory().resolve("pid")));
    assertThat(Path.of("/proc/" + pid + "/root/dev/shm/file")).doesNotExist();

    succeeds("start", "one");
    assertThat(status("one")).isEqualTo("running");
    assertThat(Files.readString(Path.of("/proc/" + pid + "/comm"))).isNotEqualTo("bailey\n");
    assertThat(bundle.run("start", "one").status()).isEqualTo(1);

    succeeds("kill", "one", "KILL");
    awaitStatus("one", "stopped");
    succeeds("delete", "one");
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  @Test
  void whyAProgramCouldNotBeExecutedIsToldAgain() throws IOException {
    bundle.script("true");
    succeeds("create", "one");
    Files.delete(bundle.root().resolve("bin/sh"));
    for (int i = 0; i < 2; i++) {
      var result = bundle.run("start", "one");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("executing ", "sh", "no such file or directory");
    }
    awaitStatus("one", "stopped");
    succeeds("delete", "one");
  }

  private void awaitStatus(String id, String wanted) {
    while (!status(id).equals(wanted)) {
      Thread.onSpinWait();
    }
  }

  /** Its parent is whoever started the runtime, or who takes orphans: nobody of bailey's stays. */
  @Test
  void nobodyStaysWithAContainerThatWasCreated() throws IOException {
    bundle.command("sleep", "1000");
    succeeds("create", "--pid-file", "pid", "one");
    var pid = Files.readString(bundle.directory().resolve("pid"));
    var parent =
        Files.readString(Path.of("/proc/" + pid + "/stat"))
            .replaceAll("(?s).*\\) . ([0-9]+) .*", "$1");
    assertThat(Files.readString(Path.of("/proc/" + parent + "/comm"))).isNotEqualTo("bailey\n");
  }

  @Test
  void whatWasNeverStartedIsDeletedByForce() {
    succeeds("create", "one");
    assertThat(bundle.run("delete", "one").status()).isEqualTo(1);
    succeeds("delete", "--force", "one");
    succeeds("delete", "--force", "one");
  }

  @Test
  void whatHasADamagedRecordIsDeletedByForce() throws IOException {
    succeeds("create", "one");
    Files.writeString(bundle.directory().resolve("state/one/record.json"), "{");
    assertThat(bundle.run("delete", "one").err()).contains("delete --force removes it");
    succeeds("delete", "--force", "one");
    assertThat(bundle.directory().resolve("state/one")).doesNotExist();
  }

  @Test
  void aFurtherProcessIsInsideAndHasItsOwnStatus() {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    var result =
        bundle.run(
            "exec",
            "-e",
            "A=b",
            "--cwd",
            "/bin",
            "one",
            "sh",
            "-c",
            "grep -c sleep /proc/1/cmdline; pwd; echo $A; exit 5");
    assertThat(result.status()).as(result.err()).isEqualTo(5);
    assertThat(result.out()).isEqualTo("1\n/bin\nb\n");
    var nobody = bundle.run("exec", "--user", "1000:1001", "one", "id");
    assertThat(nobody.out()).isEqualTo("uid=1000 gid=1001\n");
    assertThat(bundle.run("exec", "one", "nothing").status()).isEqualTo(255);
  }

  @Test
  void pausedAndResumed() {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    succeeds("pause", "one");
    assertThat(status("one")).isEqualTo("paused");
    assertThat(bundle.run("exec", "one", "true").status()).isEqualTo(255);
    succeeds("resume", "one");
    assertThat(status("one")).isEqualTo("running");
    succeeds("update", "--pids-limit", "7", "--memory", "33554432", "one");
    var stats = bundle.run("events", "--stats", "one");
    assertThat(stats.out()).contains("\"limit\":7").contains("\"limit\":33554432");
  }

  @Test
  void anErrorIsInTheLog() throws IOException {
    bundle.command("nothing");
    var result = bundle.run("--log", "log", "--log-format", "json", "create", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(Files.readString(bundle.directory().resolve("log")))
        .startsWith("{\"level\":\"error\",\"msg\":\"cannot create container one: ")
        .contains("executing nothing")
        .contains("no such file or directory")
        .hasLineCount(1);
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  @Test
  void anIdIsGivenOnce() {
    succeeds("create", "one");
    var again = bundle.run("create", "one");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("already exists");
    assertThat(status("one")).isEqualTo("created");
  }
}
