package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mounts as a bundle lists them. */
class OciMountsTest {
  @RegisterExtension final TestBundle bundle = new TestBundle();

  private Path data() throws IOException {
    var data = Files.createDirectory(bundle.directory().resolve("data"));
    Files.writeString(data.resolve("file"), "content\n");
    return data;
  }

  private String out() {
    var result = bundle.run("run", "one");
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  @Test
  void attributesAreThoseThatAreListed() throws IOException {
    data();
    bundle
        .mount(
            "{'destination': '/data', 'source': 'data', 'options': ['rbind', 'rro', 'nosuid',"
                + " 'nodev', 'noexec', 'noatime']}")
        .mount(
            "{'destination': '/data', 'options': ['bind', 'remount', 'relatime', 'exec'],"
                + " 'source': 'data'}")
        .script(
            "cat /data/file; (echo > /data/x) 2> /dev/null || echo protected;"
                + " grep ' /data ' /proc/self/mountinfo");
    assertThat(out()).startsWith("content\nprotected\n").contains(" ro,nosuid,nodev,relatime ");
  }

  @Test
  void aFileIsMountedOnAFile() throws IOException {
    data();
    bundle
        .mount(
            "{'destination': '/etc/deep/name', 'source': 'data/file', 'options': ['bind', 'ro']}")
        .command("cat", "/etc/deep/name");
    assertThat(out()).isEqualTo("content\n");
  }

  /** Ubuntu's images have such a link, and engines mount on it. */
  @Test
  void aLinkThatLeadsNowhereIsMountedOn() throws IOException {
    data();
    Files.createDirectory(bundle.root().resolve("etc"));
    Files.createSymbolicLink(
        bundle.root().resolve("etc/resolv.conf"), Path.of("../run/systemd/resolve/stub"));
    bundle
        .mount("{'destination': '/etc/resolv.conf', 'source': 'data/file', 'options': ['bind']}")
        .command("cat", "/etc/resolv.conf");
    assertThat(out()).isEqualTo("content\n");
  }

  @Test
  void ownersAreMapped() throws IOException {
    Files.setAttribute(data().resolve("file"), "unix:uid", 7);
    bundle
        .mount(
            "{'destination': '/data', 'source': 'data', 'options': ['bind'],"
                + " 'uidMappings': [{'containerID': 0, 'hostID': 5000, 'size': 100}],"
                + " 'gidMappings': [{'containerID': 0, 'hostID': 6000, 'size': 100}]}")
        .command("ls", "-ln", "/data/file");
    assertThat(out()).containsPattern(" 5007 +6000 ");
  }

  /** What a process in a user namespace may not come to, who starts it opens for it. */
  @Test
  void sourcesAreThoseOfWhoStartsIt() throws IOException {
    var data = data();
    Files.setPosixFilePermissions(
        data.resolve("file"), PosixFilePermissions.fromString("rw-r--r--"));
    var closed = Files.createDirectory(bundle.directory().resolve("closed"));
    Files.move(data, closed.resolve("data"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    assertThat(bundle.directory().toFile().setExecutable(true, false)).isTrue();
    assertThat(bundle.root().toFile().setExecutable(true, false)).isTrue();
    Files.setAttribute(bundle.root(), "unix:uid", 100_000);
    bundle
        .linux("'uidMappings': [{'containerID': 0, 'hostID': 100000, 'size': 1000}]")
        .linux("'gidMappings': [{'containerID': 0, 'hostID': 100000, 'size': 1000}]")
        .replace("\"type\": \"pid\"", "\"type\": \"user\"\n},\n{\n\"type\": \"pid\"")
        .mount("{'destination': '/dev/shm/a', 'source': 'closed/data', 'options': ['bind']}")
        .mount(
            "{'destination': '/dev/shm/b', 'source': 'closed/data', 'options': ['bind', 'idmap']}")
        .script("cat /dev/shm/a/file; ls -ln /dev/shm/a/file /dev/shm/b/file");
    assertThat(out())
        .startsWith("content\n")
        .containsPattern(" 65534 +65534 [^\n]*/a/file")
        .containsPattern(" 0 +0 [^\n]*/b/file");
  }

  private static final String COPIED =
      "{'destination': '/data', 'type': 'tmpfs', 'source': 'tmpfs', 'options': ['tmpcopyup', 'ro',"
          + " 'size=1m']}";

  @Test
  void whatTheRootHasIsCopiedUp() throws IOException {
    var outside = Files.createDirectory(bundle.directory().resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret\n");
    var data = Files.createDirectory(bundle.root().resolve("data"));
    var file = Files.writeString(data.resolve("file"), "content\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setAttribute(file, "unix:uid", 7);
    Files.createSymbolicLink(data.resolve("away"), outside);
    Files.createDirectories(data.resolve("a/b"));
    Files.writeString(data.resolve("a/b/deep"), "deep\n");
    bundle
        .mount(COPIED)
        .script(
            "cat /data/file /data/a/b/deep; stat -c '%u %a' /data/file; readlink /data/away;"
                + " cat /data/away/secret 2> /dev/null; (echo > /data/x) 2> /dev/null || echo"
                + " protected");
    assertThat(out()).isEqualTo("content\ndeep\n7 640\n" + outside + "\nprotected\n");
    assertThat(outside).isDirectoryContaining("glob:**secret");
  }

  /** As seen in the root: nothing of the machine is copied by a link. */
  @ParameterizedTest
  @ValueSource(strings = {"/../../../../etc", "../../../../../../etc"})
  void aLinkIsFollowedInTheRootOnly(String to) throws IOException {
    Files.createDirectory(bundle.root().resolve("etc"));
    Files.writeString(bundle.root().resolve("etc/own"), "own\n");
    Files.createSymbolicLink(bundle.root().resolve("data"), Path.of(to));
    bundle.mount(COPIED).script("ls /data/");
    var result = bundle.run("run", "one");
    assertThat(result.out()).isEqualTo("own\n");
    assertThat(result.status()).as(result.err()).isZero();
  }

  @Test
  void whatHasTooManyLevelsIsRefused() throws IOException {
    Files.createDirectories(bundle.root().resolve("data" + "/d".repeat(40)));
    bundle.mount(COPIED);
    var result = bundle.run("run", "one");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("copying what is in /data").contains("ELOOP").hasLineCount(1);
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Files.createDirectory(bundle.root().resolve("data"));
    Files.write(bundle.root().resolve("data/large"), new byte[2 << 20]);
    bundle.mount(COPIED);
    assertThat(bundle.run("run", "one").err()).contains("ENOSPC").hasLineCount(1);
  }

  @Test
  void theRootCannotBeWritten() {
    bundle.script("(echo > /x) 2> /dev/null || echo protected");
    assertThat(out()).isEqualTo("protected\n");
    bundle.replace("\"readonly\": true", "\"readonly\": false");
    assertThat(out()).isEmpty();
  }

  /** Whatever the machine's mounts hear of each other. */
  @ParameterizedTest
  @CsvSource({
    "private, ' - '",
    "rprivate, ' - '",
    "slave, ' - '",
    "rslave, ' - '",
    "shared, ' shared:'",
    "rshared, ' shared:'",
    "unbindable, ' unbindable '",
    "runbindable, ' unbindable '"
  })
  void whatTheRootHearsOfOthers(String propagation, String told) {
    bundle
        .linux("'rootfsPropagation': '" + propagation + "'")
        .command("grep", "rootfs / ", "/proc/self/mountinfo");
    assertThat(out()).contains(told);
  }
}
