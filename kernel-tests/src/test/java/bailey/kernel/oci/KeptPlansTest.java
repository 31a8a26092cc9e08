package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bailey.kernel.cli.KeptFile;
import bailey.kernel.cli.Planners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A plan that was kept is done without asking when the same call comes again; and never when
 * anything is different that it depends on, or it is not what was written. To see which it was, the
 * kept plan is changed to say {@code bad} where the bundle says {@code one}.
 */
class KeptPlansTest {
  private static final int BUILD_AT = 40;

  private static final Path PROGRAM =
      Path.of(System.getProperty("bailey.home"), "cli/target/dist/bin/bailey-oci");

  @RegisterExtension final TestBundle bundle = new TestBundle();

  private List<ProcessHandle> others = List.of();
  private Path folder = Path.of("/nowhere");

  @BeforeEach
  void setFolder() {
    folder = bundle.directory().resolve("planner/serve");
    others = Planners.all();
  }

  /** They do not stay, and have written what they keep when they end. */
  @AfterEach
  void awaitPlanners() {
    var own = new ArrayList<>(Planners.all());
    own.removeAll(others);
    own.forEach(planner -> planner.onExit().join());
  }

  private List<String> command(List<String> prefix, String... words) {
    var all = new ArrayList<>(List.of("env", "BAILEY_STATE=" + folder.getParent()));
    all.addAll(List.of("BAILEY_IDLE=0", "BAILEY_SERVE=on"));
    all.addAll(prefix);
    all.add(PROGRAM.toString());
    all.addAll(List.of("--root", bundle.directory().resolve("state").toString()));
    all.addAll(Arrays.asList(words));
    return all;
  }

  private Program.Result call(List<String> prefix, String... words) {
    var result = Program.run(bundle.directory(), command(prefix, words));
    awaitPlanners();
    return result;
  }

  private Program.Result call(String... words) {
    return call(List.of(), words);
  }

  /** What a container says. */
  private String run(String... prefix) {
    var result = call(List.of(prefix), "run", "one");
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  /** A plan that says bad, as it is kept. */
  private byte[] keepBad() throws IOException {
    assertThat(run()).isEqualTo("one\n");
    return kept().sayBad();
  }

  private KeptFile kept() {
    return new KeptFile(folder);
  }

  @Test
  void theSameCallAgainAsksNobody() throws IOException {
    bundle.script("echo one");
    keepBad();
    assertThat(run()).isEqualTo("bad\n");
    assertThat(run("env", "BAILEY_PLANS=off")).isEqualTo("one\n");
    assertThat(run("env", "BAILEY_SERVE=off")).isEqualTo("one\n");
  }

  /**
   * CVE-2019-5736: whoever can open /proc/PID/exe of what is left of the program finds an empty
   * file, or a sealed copy where a process must not make memory executable.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "perl -e syscall(157,65,1,0,0,0)==0||die;exec@ARGV"})
  void theProgramCannotBeReached(String prefix) throws IOException {
    assumeTrue(prefix.isEmpty() || System.getProperty("os.arch").equals("amd64"));
    bundle.script("echo one; test ! -e /wait || exec sleep 1000");
    keepBad();
    Files.createFile(bundle.root().resolve("wait"));
    var words = prefix.isEmpty() ? List.<String>of() : List.of(prefix.split(" ", 3));
    var process =
        new ProcessBuilder(command(words, "run", "one"))
            .directory(bundle.directory().toFile())
            .start();
    try (var said = process.inputReader()) {
      assertThat(said.readLine()).isEqualTo("bad");
      var own = Path.of("/proc", Long.toString(process.pid()));
      var file = own.resolve("exe");
      assertThat(Files.readSymbolicLink(file)).hasToString("/memfd:bailey (deleted)");
      assertThat(Files.size(file)).isEqualTo(prefix.isEmpty() ? 0 : Files.size(PROGRAM));
      assertThatThrownBy(() -> Files.writeString(file, "x")).isInstanceOf(IOException.class);
      assertThat(Files.readString(own.resolve("maps"))).doesNotContain("/bin/bailey");
      var name = List.of(Files.readString(own.resolve("cmdline")).split("\0", -1));
      assertThat(name).contains("run", "one", "");
    } finally {
      call("kill", "one", "KILL");
      process.onExit().join();
    }
  }

  @Test
  void eachHasItsOwnNameAndTime() throws IOException {
    bundle.script("echo one; exec sleep 1000");
    assertThat(call("create", "a-1").status()).isZero();
    var before = Files.getLastModifiedTime(kept().path());
    assertThat(call("create", "b-2").status()).isZero();
    assertThat(Files.getLastModifiedTime(kept().path())).isEqualTo(before);
    var first = call("state", "a-1").out();
    var second = call("state", "b-2").out();
    assertThat(first).contains("\"id\": \"a-1\"");
    assertThat(second).contains("\"id\": \"b-2\"").doesNotContain("a-1");
    assertThat(created(second)).isGreaterThan(created(first));
    assertThat(call("delete", "--force", "a-1").status()).isZero();
    assertThat(call("state", "b-2").out()).contains("\"created\"");
    assertThat(call("delete", "--force", "b-2").status()).isZero();
  }

  private static String created(String state) {
    return state.replaceAll("(?s).*\"created\": \"([^\"]+)\".*", "$1");
  }

  @Test
  void aNameOfAnotherFormIsPlanned() throws IOException {
    bundle.script("echo one");
    keepBad();
    assertThat(call("run", "o-e").out()).isEqualTo("one\n");
    assertThat(call("run", "o.").err()).isEmpty();
    assertThat(call("run", "../").status()).isEqualTo(1);
  }

  @Test
  void anotherTextOfTheSameSizeAndTimeIsAnotherConfiguration() throws IOException {
    bundle.script("echo one");
    keepBad();
    var config = bundle.directory().resolve("config.json");
    var time = Files.getLastModifiedTime(config);
    bundle.replace("echo one", "echo two");
    Files.setLastModifiedTime(config, time);
    assertThat(run()).isEqualTo("two\n");
  }

  @Test
  void anotherRootBehindTheSamePathIsUsed() throws IOException {
    bundle.script("echo one");
    keepBad();
    var other = bundle.directory().resolve("other");
    Files.move(bundle.root(), other);
    Files.createSymbolicLink(bundle.root(), other);
    assertThat(run()).isEqualTo("one\n");
  }

  @Test
  void anotherHomeIsSeen() throws IOException {
    bundle.script("echo $HOME");
    var etc = Files.createDirectory(bundle.root().resolve("etc"));
    Files.writeString(etc.resolve("passwd"), "root:x:0:0::/one:/bin/sh\n");
    assertThat(run()).isEqualTo("/one\n");
    Files.writeString(etc.resolve("passwd"), "root:x:0:0::/two:/bin/sh\n");
    assertThat(run()).isEqualTo("/two\n");
    Files.delete(etc.resolve("passwd"));
    assertThat(run()).isEqualTo("/\n");
  }

  @Test
  void anotherKindOfSourceIsMountedAsThat() throws IOException {
    bundle.script("if test -d /x; then echo directory; else echo file; fi");
    var source = Files.createDirectory(bundle.directory().resolve("source"));
    bundle.mount("{'destination': '/x', 'source': '" + source + "', 'options': ['bind']}");
    assertThat(run()).isEqualTo("directory\n");
    Files.delete(bundle.root().resolve("x"));
    Files.delete(source);
    Files.createFile(source);
    assertThat(run()).isEqualTo("file\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env LISTEN_FDS=1",
        "setpriv --bounding-set -net_raw",
        "setpriv --no-new-privs",
        "setpriv --groups 12345",
        "unshare --mount",
        "unshare --uts",
        "unshare --ipc",
        "unshare --net",
        "unshare --pid --fork",
        "unshare --cgroup"
      })
  void whoStandsElsewhereAsks(String how) throws IOException {
    bundle.script("echo one");
    keepBad();
    assertThat(run(how.split(" "))).isEqualTo("one\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/boot_id",
        "/mountinfo",
        "self/cgroup",
        "/status",
        "ns/mnt",
        "ns/user",
        "/config.json",
        "/rootfs"
      })
  void whatWasOtherwiseThenIsNotDone(String dependency) throws IOException {
    bundle.script("echo one");
    keepBad();
    kept().changeFact(dependency);
    assertThat(run()).isEqualTo("one\n");
  }

  @Test
  void ofAnotherBuildIsNotDone() throws IOException {
    bundle.script("echo one");
    var bytes = keepBad();
    bytes[BUILD_AT] ^= 1;
    kept().writeSummed(bytes);
    assertThat(run()).isEqualTo("one\n");
  }

  @Test
  void whatIsDamagedIsNotDone() throws IOException {
    bundle.script("echo one");
    var bad = keepBad();
    var random = new Random(20261122);
    for (int round = 0; round < 3; round++) {
      var bytes = bad.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      kept().write(bytes);
      assertThat(run()).isEqualTo("one\n");
      kept().write(Arrays.copyOf(bad, random.nextInt(bad.length)));
      assertThat(run()).isEqualTo("one\n");
    }
    kept().write(Arrays.copyOf(bad, bad.length + 8));
    assertThat(run()).isEqualTo("one\n");
    kept().write(bad);
    assertThat(run()).isEqualTo("bad\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mode", "owner", "link", "folder"})
  void whatOthersMayHaveWrittenIsNotDone(String how) throws IOException {
    bundle.script("echo one");
    keepBad();
    var file = kept().path();
    switch (how) {
      case "mode" ->
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
      case "owner" -> Files.setAttribute(file, "unix:uid", 65534);
      case "link" -> {
        var moved = Files.move(file, bundle.directory().resolve("moved"));
        Files.createSymbolicLink(file, moved);
      }
      default ->
          Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    assertThat(run()).isEqualTo("one\n");
  }

  @Test
  void whatFailsIsToldAsWithoutAndLeavesNothing() throws IOException {
    bundle.command("/bin/true");
    assertThat(run()).isEmpty();
    assertThat(kept().path()).exists();
    Files.delete(bundle.root().resolve("bin/true"));
    var again = call("run", "two");
    var planned = call(List.of("env", "BAILEY_PLANS=off"), "run", "two");
    assertThat(again.err()).contains("/bin/true").isEqualTo(planned.err());
    assertThat(again.status()).isEqualTo(planned.status()).isNotZero();
    assertThat(bundle.directory().resolve("state/two")).doesNotExist();
  }

  @Test
  void anIdThatIsTakenIsRefusedAsWithout() {
    bundle.script("exec sleep 1000");
    assertThat(call("run", "--detach", "one").status()).isZero();
    assertThat(call("run", "--detach", "two").status()).isZero();
    assertThat(call("run", "--detach", "two").err()).contains("already exists");
    assertThat(call("state", "two").out()).contains("\"running\"");
    assertThat(call("delete", "--force", "one").status()).isZero();
    assertThat(call("delete", "--force", "two").status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hooks", "pid file"})
  void whatMustNotBeDoneTwiceOrIsNeverAskedAgainIsNotKept(String what) throws IOException {
    bundle.script("echo one");
    if (what.equals("hooks")) {
      bundle.field("'hooks': {'poststop': [{'path': '/bin/true'}]}");
      assertThat(run()).isEqualTo("one\n");
    } else {
      assertThat(call("run", "--pid-file", "pid", "one").out()).isEqualTo("one\n");
    }
    assertThat(kept().all()).isEmpty();
  }
}
