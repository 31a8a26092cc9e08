package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bundle's process, and a further one, is given besides its walls. */
class OciProcessTest {
  private static final String ASKED =
      "'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'listenerPath': '%s', 'listenerMetadata':"
          + " 'say \\\"no\\\"', 'syscalls': [{'names': ['mkdir', 'mkdirat'], 'action':"
          + " 'SCMP_ACT_NOTIFY'}]}";

  @RegisterExtension final TestBundle bundle = new TestBundle();

  @BeforeEach
  void needACompiler() {
    Program.require("gcc");
  }

  private void succeeds(String... words) {
    var result = bundle.run(words);
    assertThat(result.status()).as(result.err()).isZero();
  }

  private String pid(String file) throws IOException {
    return Files.readString(bundle.directory().resolve(file));
  }

  // ---- --pidfd-socket ----

  @ParameterizedTest
  @ValueSource(strings = {"create", "run --detach"})
  void itsDescriptorIsSent(String verb) throws IOException {
    bundle.command("sleep", "1000");
    var receiver = new Receiver(bundle.directory(), "socket");
    var words = new ArrayList<>(List.of(verb.split(" ", -1)));
    words.addAll(List.of("--pidfd-socket", receiver.socket(), "--pid-file", "pid", "one"));
    succeeds(words.toArray(new String[0]));
    assertThat(receiver.heard()).contains("Pid:\t" + pid("pid") + "\n");
  }

  @Test
  void soIsThatOfAFurtherProcess() throws IOException {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    var receiver = new Receiver(bundle.directory(), "socket");
    succeeds(
        "exec",
        "--detach",
        "--pidfd-socket",
        receiver.socket(),
        "--pid-file",
        "pid",
        "one",
        "sleep",
        "1000");
    assertThat(receiver.heard()).contains("Pid:\t" + pid("pid") + "\n");
  }

  @Test
  void whereNobodyListensNothingIsMade() {
    var result = bundle.run("create", "--pidfd-socket", "nowhere", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("--pidfd-socket").contains("ENOENT").hasLineCount(1);
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  // ---- linux.seccomp.listenerPath ----

  @Test
  void whoListensIsAskedAboutCalls() throws IOException {
    var receiver = new Receiver(bundle.directory(), "agent");
    bundle.linux(ASKED.formatted(receiver.socket())).script("mkdir /dev/shm/x; echo $?");
    succeeds("create", "--pid-file", "pid", "one");
    succeeds("start", "one");
    assertThat(receiver.heard())
        .contains("\"fds\":[\"seccompFd\"]")
        .contains("\"metadata\":\"say \\\"no\\\"\"")
        .contains("\"status\":\"creating\"")
        .contains("\"id\":\"one\"")
        .containsPattern("\"pid\":" + pid("pid") + "},\"pid\":" + pid("pid") + "}")
        .contains("answered ");
  }

  @Test
  void alsoAboutThoseOfAFurtherProcess() throws IOException {
    var own = new Receiver(bundle.directory(), "agent");
    bundle.linux(ASKED.formatted(own.socket())).script("mkdir /dev/shm/x; exec sleep 1000");
    succeeds("run", "--detach", "--pid-file", "pid", "one");
    assertThat(own.heard()).contains("answered ");
    Files.delete(Path.of(own.socket()));

    var further = new Receiver(bundle.directory(), "agent");
    var result = bundle.run("exec", "--pid-file", "further", "one", "mkdir", "/dev/shm/y");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("/dev/shm/y").containsIgnoringCase("argument out of domain");
    assertThat(further.heard())
        .contains("\"status\":\"running\"")
        .contains("\"pid\":" + pid("pid") + "},\"pid\":" + pid("further") + "}");
  }

  @Test
  void whereNobodyListensItIsNotStarted() {
    bundle.linux(ASKED.formatted(bundle.directory().resolve("agent")));
    var result = bundle.run("run", "one");
    assertThat(result.err())
        .contains("linux.seccomp.listenerPath")
        .contains("ENOENT")
        .hasLineCount(1);
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
  }

  // ---- linux.timeOffsets ----

  @Test
  void itsClocksAreAhead() {
    bundle
        .linux("'timeOffsets': {'boottime': {'secs': 1000000000}, 'monotonic': {'secs': 5}}")
        .replace("\"type\": \"pid\"", "\"type\": \"time\"\n},\n{\n\"type\": \"pid\"")
        .script("cat /proc/uptime; cat /proc/self/timens_offsets");
    var result = bundle.run("run", "one");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsPattern("^100[0-9]{7}\\.")
        .containsPattern("monotonic +5 +0")
        .containsPattern("boottime +1000000000 +0");
  }

  // ---- process.execCPUAffinity ----

  @Test
  void aFurtherProcessIsOnItsCpus() {
    Assumptions.assumeTrue(
        Runtime.getRuntime().availableProcessors() > 1, "this machine has one CPU");
    bundle
        .replace(
            "\"noNewPrivileges\": true",
            "\"noNewPrivileges\": true, \"execCPUAffinity\": {\"initial\": \"0\", \"final\":"
                + " \"1\"}")
        .command("sleep", "1000");
    succeeds("run", "--detach", "one");
    assertThat(cpus("self")).isEqualTo("1");
    assertThat(cpus("1")).isNotEqualTo("1").isNotEqualTo("0");
  }

  @Test
  void andWhereItsGroupsLetItWithoutTheLast() {
    bundle
        .replace(
            "\"noNewPrivileges\": true",
            "\"noNewPrivileges\": true, \"execCPUAffinity\": {\"initial\": \"0\"}")
        .command("sleep", "1000");
    succeeds("run", "--detach", "one");
    assertThat(cpus("self")).isEqualTo(cpus("1"));
  }

  @Test
  void aCpuThatIsNotThereIsRefused() {
    bundle
        .replace(
            "\"noNewPrivileges\": true",
            "\"noNewPrivileges\": true, \"execCPUAffinity\": {\"initial\": \"8000\"}")
        .command("sleep", "1000");
    succeeds("run", "--detach", "one");
    var result = bundle.run("exec", "one", "true");
    assertThat(result.status()).isEqualTo(255);
    assertThat(result.err()).contains("process.execCPUAffinity").contains("EINVAL");
  }

  private String cpus(String process) {
    var result =
        bundle.run("exec", "one", "grep", "Cpus_allowed_list", "/proc/" + process + "/status");
    assertThat(result.status()).as(result.err()).isZero();
    return result.out().strip().replaceAll(".*\\s", "");
  }

  // ---- exec --cgroup ----

  @Test
  void aFurtherProcessIsInTheGroupThatIsNamed() throws IOException {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    var made = new ArrayList<Path>();
    try (var tops = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (var top : tops.toList()) {
        if (Files.isDirectory(Path.of(top + bundle.group()))) {
          made.add(subGroup(Path.of(top + bundle.group())));
        }
      }
    }
    var own = Path.of("/sys/fs/cgroup" + bundle.group());
    if (Files.isDirectory(own)) {
      made.add(subGroup(own));
    }
    assertThat(made).isNotEmpty();
    succeeds("exec", "--detach", "--pid-file", "pid", "--cgroup", "sub", "one", "sleep", "1000");
    assertThat(Files.readAllLines(Path.of("/proc/" + pid("pid") + "/cgroup")))
        .anyMatch(line -> line.endsWith(bundle.group() + "/sub"))
        .noneMatch(line -> line.endsWith(bundle.group()));
    var result = bundle.run("exec", "--cgroup", "nothing", "one", "true");
    assertThat(result.status()).isEqualTo(255);
    assertThat(result.err()).contains("--cgroup: /nothing is no group").hasLineCount(1);
  }

  private static Path subGroup(Path group) throws IOException {
    var sub = Files.createDirectory(group.resolve("sub"));
    for (var name : List.of("cpuset.cpus", "cpuset.mems")) {
      if (Files.exists(group.resolve("tasks")) && Files.exists(sub.resolve(name))) {
        Files.writeString(sub.resolve(name), Files.readString(group.resolve(name))); // v1
      }
    }
    return sub;
  }

  // ---- events ----

  @Test
  void whatItUsesOfDevicesIsTold() {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    var stats = bundle.run("events", "--stats", "one");
    assertThat(stats.status()).as(stats.err()).isZero();
    assertThat(stats.out()).contains("\"blkio\":{").contains("\"hugetlb\":{");
  }
}
