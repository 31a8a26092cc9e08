package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.testkit.KernelAbility;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers in namespaces of others. */
class JoinTest {
  /** The names of its namespaces, as programs inside can see them. */
  private static final String LOOK = "readlink /proc/self/ns/";

  @TempDir Path folder;

  private final String host = Bailey.name();

  @BeforeEach
  void asRoot() throws Exception {
    KernelAbility.require(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "being root");
  }

  @AfterEach
  void end() {
    Bailey.run("rm", "--force", host);
  }

  private void start(String... options) {
    var words = new ArrayList<>(List.of("run", "-d", "--name", host));
    words.addAll(List.of(options));
    words.addAll(List.of("--", "sleep", "1000"));
    assertThat(Bailey.run(words.toArray(new String[0])).err()).isEmpty();
  }

  private String inside(String kind) {
    return Bailey.run("exec", host, "sh", "-c", LOOK + kind).out();
  }

  @ParameterizedTest
  @CsvSource({
    "uts,host,host",
    "ipc,host,host",
    "net,host,host",
    "pid,host,host",
    "cgroup,host,host",
    "net,auto,host",
    "net,host,auto",
    "ipc,auto,auto",
    "user,auto,host",
    "pid,auto,host"
  })
  void itIsInTheNamespaceOfTheOther(String kind, String theirs, String own) {
    start("--userns", theirs);
    var result =
        Bailey.run(
            "run", "--userns", own, "--join", kind + "=" + host, "--", "sh", "-c", LOOK + kind);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith(kind + ":").isEqualTo(inside(kind));
  }

  /** The paths of the others would lead elsewhere once its mounts are those of the other. */
  @Test
  void itJoinsSeveralAtOnce() {
    start("--userns", "auto");
    var words = new ArrayList<>(List.of("run"));
    var kinds = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup");
    kinds.forEach(kind -> words.addAll(List.of("--join", kind + "=" + host)));
    words.addAll(
        List.of(
            "--", "sh", "-c", "for k in " + String.join(" ", kinds) + "; do " + LOOK + "$k; done"));
    var expected = new StringBuilder();
    kinds.forEach(kind -> expected.append(inside(kind)));
    var result = Bailey.run(words.toArray(new String[0]));
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo(expected.toString());
  }

  /** Mounted before the namespace was entered, /proc showed every process of the machine. */
  @Test
  void withThePidNamespaceOfAnotherItSeesNoProcessesOfTheMachine() {
    start();
    var result =
        Bailey.run("run", "--join", "pid=" + host, "--", "sh", "-c", "cat /proc/[0-9]*/comm");
    assertThat(result.out().lines()).contains("sleep", "sh").hasSizeLessThan(6);
  }

  @Test
  void inTheUserNamespaceOfAnotherItsMountsAreItsOwn() {
    start("--userns", "auto");
    var result =
        Bailey.run(
            "run",
            "--join",
            "user=" + host,
            "--",
            "sh",
            "-c",
            "id -u; cat /proc/self/uid_map; touch /etc/mine && echo written");
    assertThat(result.out())
        .startsWith("0\n")
        .contains(Bailey.run("exec", host, "cat", "/proc/self/uid_map").out())
        // a root that cannot be mapped, such as an overlay, neither may change
        .endsWith(Bailey.run("exec", host, "sh", "-c", "touch /etc/own && echo written").out());
    assertThat(Path.of("/etc/mine")).doesNotExist();
    assertThat(Path.of("/etc/own")).doesNotExist();
  }

  @Test
  void whatIsTheStartersOwnIsShared() {
    start();
    assertThat(
            Bailey.run("run", "--join", "user=" + host, "--join", "time=" + host, "--", "id", "-u")
                .out())
        .isEqualTo("0\n");
  }

  @Test
  void theProcessesOfTheMachineInAUserNamespace() {
    var result =
        Bailey.run(
            "run",
            "--userns",
            "auto",
            "--share",
            "pid",
            "--",
            "sh",
            "-c",
            "readlink /proc/self/ns/pid; echo 5 > /proc/sys/kernel/panic; echo $?");
    assertThat(result.out()).startsWith("pid:").doesNotEndWith("0\n0\n");
    assertThat(result.err()).doesNotContain("bailey");
  }

  /** To open a FIFO takes until somebody writes to it. */
  @Test
  void aFifoIsNoNamespace() throws Exception {
    var fifo = folder.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    refused("net", fifo, " is no namespace; name a container, or a file such as /proc/PID/ns/net");
  }

  @Test
  void neitherIsAFolderNorWhatIsNotThere() {
    refused(
        "uts", folder, " is no namespace; name a container, or a file such as /proc/PID/ns/uts");
    refused(
        "uts",
        folder.resolve("none"),
        " does not exist; name a container, or a file such as /proc/PID/ns/uts");
  }

  private static void refused(String kind, Path path, String why) {
    var result = Bailey.run("run", "--join", kind + "=" + path, "--", "true");
    assertThat(result.err()).isEqualTo("bailey: --join: " + path + why + "\n");
    assertThat(result.status()).isEqualTo(125);
  }

  @Test
  void aFileThatIsNoNamespaceIsRefusedByTheKernel() throws Exception {
    for (var path :
        List.of(Files.createFile(folder.resolve("plain")).toString(), "/proc/self/ns/uts")) {
      var result = Bailey.run("run", "--join", "net=" + path, "--", "true");
      assertThat(result.status()).isEqualTo(125);
      assertThat(result.err())
          .contains("entering the net namespace " + path, "EINVAL")
          .endsWith(
              "It is no namespace of that kind: name a file such as /proc/PID/ns/net for"
                  + " net\n");
    }
  }

  /** A pid namespace without process 1 can be kept by a mount, but nothing starts in it. */
  @Test
  void aPidNamespaceThatHasEnded() throws Exception {
    var kept = Files.createFile(folder.resolve("pid"));
    var script =
        "unshare --pid --fork sh -c 'mount --bind /proc/self/ns/pid "
            + kept
            + "; echo'; \"$BAILEY\" run --join pid="
            + kept
            + " -- true; umount "
            + kept;
    var result =
        Bailey.shell(
            "exec unshare --mount --propagation private bash -c \""
                + script.replace("\"", "\\\"").replace("$", "\\$")
                + "\"");
    assertThat(result.err()).contains("ENOMEM", "once process 1 of that has ended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--read-only", "--root=/", "--tmpfs=/mnt", "--bind=/etc:/mnt"})
  void theMountsOfOthersAreNotChanged(String option) {
    for (var shared : List.of("--share=mnt", "--join=mnt=/proc/self/ns/mnt")) {
      var result = Bailey.run("run", option, shared, "--", "true");
      assertThat(result.status()).as(result.err()).isEqualTo(125);
      assertThat(result.err()).contains("would change the mnt namespace of others");
    }
  }

  @Test
  void noMoreThanOneProcessIsStillEnough() throws Exception {
    Bailey.requireGroups();
    start();
    var process =
        Bailey.start("run", "--no-init", "--pids", "1", "--join", "net=" + host, "--", "true");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
