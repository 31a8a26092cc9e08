package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The runtime, and Podman with it, of an ordinary user. */
class RootlessTest {
  private static final String RUNTIME = System.getProperty("bailey.home") + "/bailey-oci";

  private OrdinaryUser user;
  private Path bundle;

  @BeforeEach
  void makeUser() throws IOException {
    Program.require("busybox");
    user = new OrdinaryUser();
    bundle = Files.createDirectory(user.home().resolve("bundle"));
    var bin = Files.createDirectories(bundle.resolve("rootfs/bin"));
    Files.copy(Path.of("/usr/bin/busybox"), bin.resolve("busybox"));
    for (var applet : List.of("sh", "cat", "id", "ps", "sleep", "hostname")) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    for (var directory : List.of(bundle, bundle.resolve("rootfs"), bin)) {
      user.own(directory);
    }
  }

  @AfterEach
  void endUser() {
    if (user != null) {
      user.close();
    }
  }

  // ---- the runtime ----

  private Program.Result oci(String... words) {
    var all = new ArrayList<>(List.of(RUNTIME));
    all.addAll(List.of(words));
    return user.run(all);
  }

  private void spec(String... command) throws IOException {
    var written = oci("spec", "--rootless", "--bundle", "bundle");
    assertThat(written.status()).as(written.err()).isZero();
    var config = bundle.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceAll("\"terminal\": true", "\"terminal\": false")
            .replaceAll(
                "\"args\": \\[[^]]*\\]",
                "\"args\": [" + TestBundle.quoted(command).replace("\\", "\\\\") + "]"));
  }

  @Test
  void whatSpecWritesForAUserRuns() throws IOException {
    spec("sh", "-c", "id -u; id -g; cat /proc/self/uid_map; exit 7");
    var result = oci("run", "--bundle", "bundle", "one");
    assertThat(result.status()).as(result.err()).isEqualTo(7);
    assertThat(result.out()).matches("0\n0\n +0 +7[0-9]{8} +1\n");
    assertThat(user.session().resolve("bailey-oci/one")).doesNotExist();
  }

  @Test
  void aLifeByItsVerbs() throws IOException {
    spec("sleep", "1000");
    assertThat(oci("create", "--bundle", "bundle", "one").err()).isEmpty();
    assertThat(oci("state", "one").out()).contains("\"status\": \"created\"");
    assertThat(oci("start", "one").err()).isEmpty();
    var exec = oci("exec", "one", "sh", "-c", "cat /proc/1/comm; exit 5");
    assertThat(exec.status()).as(exec.err()).isEqualTo(5);
    assertThat(exec.out()).isEqualTo("sleep\n");
    var paused = oci("pause", "one");
    assertThat(paused.status()).isEqualTo(1);
    assertThat(paused.err()).contains("it has no control group").hasLineCount(1);
    assertThat(oci("delete", "--force", "one").err()).isEmpty();
    assertThat(oci("list", "--quiet").out()).isEmpty();
  }

  @Test
  void limitsThatHeMayNotSetAreRefused() throws IOException {
    spec("true");
    var config = bundle.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst(
                "\"linux\": \\{",
                "\"linux\": {\"resources\": {\"memory\": {\"limit\": 67108864}},"));
    var result = oci("run", "--bundle", "bundle", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("linux.resources").hasLineCount(1);
  }

  // ---- Podman ----

  private Program.Result podman(String... words) {
    var all =
        new ArrayList<>(
            List.of(
                "podman",
                "--root",
                user.home() + "/storage",
                "--runroot",
                user.session() + "/storage",
                "--tmpdir",
                user.session() + "/tmp",
                "--storage-driver",
                "vfs",
                "--cgroup-manager",
                "cgroupfs",
                "--events-backend",
                "file",
                "--runtime",
                RUNTIME));
    all.addAll(List.of(words));
    return user.run(all);
  }

  private Program.Result run(String... words) {
    return podman(PodmanTest.modest(words).toArray(new String[0]));
  }

  @Test
  void podmansContainersAreHis() throws IOException {
    Program.require("podman");
    Program.require("conmon");
    var archive = bundle.resolve("image.tar").toString();
    var root = bundle.resolve("rootfs").toString();
    Program.run(bundle, List.of("tar", "--owner=0", "--group=0", "-C", root, "-cf", archive, "."));
    var imported = podman("import", archive, "bb");
    assertThat(imported.status()).as(imported.err()).isZero();

    var result = run("--rm", "bb", "sh", "-c", "id -u; cat /proc/self/uid_map; exit 7");
    assertThat(result.status()).as(result.err()).isEqualTo(7);
    assertThat(result.out()).matches("0\n +0 +7[0-9]{8} +1\n +1 +800000000 +65536\n");
    var other = run("--rm", "--user", "1000:1001", "bb", "id");
    assertThat(other.out()).startsWith("uid=1000 gid=1001");

    var started = run("--detach", "--name", "life", "bb", "sh", "-c", "echo line; sleep 1000");
    assertThat(started.status()).as(started.err()).isZero();
    var exec = podman("exec", "life", "sh", "-c", "cat /proc/1/comm; exit 5");
    assertThat(exec.status()).as(exec.err()).isEqualTo(5);
    assertThat(podman("logs", "life").out()).isEqualTo("line\n");
    assertThat(podman("kill", "life").status()).isZero();
    assertThat(podman("wait", "life").out()).isEqualTo("137\n");
    assertThat(podman("rm", "life").status()).isZero();
    assertThat(podman("ps", "--all", "--quiet").out()).isEmpty();
  }
}
