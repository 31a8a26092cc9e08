package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import bailey.testkit.NothingRemains;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The plan of {@code bailey run} is kept when the very same call came a second time, and done
 * without asking when it comes again; never when anything is different that it depends on. To see
 * which it was, the kept plan says {@code bad} where the call says {@code one}.
 */
class KeptRunTest {
  private static final String[] ONE = {"run", "--", "/bin/sh", "-c", "echo one"};
  private static final long PID = ProcessHandle.current().pid();
  private static int made;

  private final String mark = "bailey-test-kept-" + PID + "-" + ++made;

  @RegisterExtension
  final NothingRemains remains =
      new NothingRemains(
          path ->
              path.contains(mark) || path.contains(NothingRemains.groupSuffix(state().toString())));

  private List<ProcessHandle> others = List.of();

  private Path directory() {
    return Path.of("/tmp", mark);
  }

  private Path state() {
    return directory().resolve("state");
  }

  private KeptFile kept() {
    return new KeptFile(state().resolve("serve"));
  }

  @BeforeEach
  void makeDirectory() throws IOException {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    Files.createDirectory(directory());
    others = Planners.all();
  }

  @AfterEach
  void removeDirectory() throws IOException {
    if (Files.exists(state())) {
      Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rwx------"));
    }
    var _ = call("umount", state().resolve("view").toString());
    var _ = call("gc"); // removes the group above those of its containers
    stopPlanner();
    try (var files = Files.walk(directory())) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Map<String, String> environment() {
    return Map.of("BAILEY_SERVE", "on", "BAILEY_IDLE", "5m", "BAILEY_STATE", state().toString());
  }

  private Bailey.Result call(List<String> prefix, String... words) {
    var all = new ArrayList<>(prefix);
    all.add(Bailey.LAUNCHER.toString());
    all.addAll(Arrays.asList(words));
    return Bailey.program("", all, environment());
  }

  private Bailey.Result call(String... words) {
    return call(List.of(), words);
  }

  private List<ProcessHandle> planners() {
    var own = new ArrayList<>(Planners.all());
    own.removeAll(others);
    return own;
  }

  /** It has written what it keeps when it has ended by itself. */
  private void stopPlanner() {
    while (!planners().isEmpty()) {
      var _ = call("serve", "--stop");
    }
  }

  /** One that stands here; who stands elsewhere would start one there, if there were none. */
  private void startPlanner() {
    for (int i = 0; call("serve", "--status").out().contains("no planner"); i++) {
      assertThat(i).isLessThan(1000);
      assertThat(call("ls").status()).isZero();
    }
  }

  private void succeeds(String out, List<String> prefix, String... words) {
    var result = call(prefix, words);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo(out);
  }

  private void comesTwice(String... words) {
    succeeds("one\n", List.of(), words);
    succeeds("one\n", List.of(), words);
    stopPlanner();
  }

  /** Until nobody else on the machine has mounted anything meanwhile. */
  private void keepBad(String... words) throws IOException {
    for (int i = 0; i < 20; i++) {
      comesTwice(words);
      var _ = kept().sayBad();
      if (call(words).out().equals("bad\n") && planners().isEmpty()) {
        return;
      }
      stopPlanner();
      Files.delete(kept().path());
    }
    throw new AssertionError("it was planned each time: " + String.join(" ", words));
  }

  /** A call that comes once is most likely not to come again. */
  @Test
  void whatComesOnceIsNotKept() throws IOException {
    succeeds("one\n", List.of(), ONE);
    stopPlanner();
    assertThat(kept().all()).isEmpty();
  }

  @Test
  void theSameCallAgainAsksNobody() throws IOException {
    keepBad(ONE);
    succeeds("one\n", List.of("env", "BAILEY_PLANS=off"), ONE);
    succeeds("one\n", List.of("env", "BAILEY_SERVE=off"), ONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--memory 64M --pids 20",
        "--cpus 0.5 --set cpu.weight=50",
        "--name web --hostname other",
        "--rm --timeout 1h --rlimit nofile=100",
        "--net host --share uts,ipc",
        "--read-only --tmpfs /mnt:1M --bind /usr:/mnt/usr:ro",
        "--cap-drop ALL --seccomp unconfined --no-init",
        "--clean-env --env A=B --workdir /usr",
        "--hierarchy default --proc host"
      })
  void soDoesOneWithOptions(String options) throws IOException {
    var words = new ArrayList<>(List.of("run"));
    words.addAll(List.of(options.split(" ")));
    words.addAll(Arrays.asList(ONE).subList(1, ONE.length));
    keepBad(words.toArray(String[]::new));
  }

  @Test
  void eachHasItsOwnNameTimeAndReport() throws IOException {
    String[] words = {"run", "--memory", "64M", "--", "/bin/sh", "-c", "hostname; exit 3"};
    var names = new ArrayList<String>();
    for (int i = 0; i < 2; i++) {
      names.add(call(words).out().strip());
    }
    stopPlanner();
    assertThat(kept().all()).hasSize(1);
    for (int i = 0; i < 5; i++) {
      var result = call(words);
      assertThat(result.status()).isEqualTo(3);
      names.add(result.out().strip());
    }
    assertThat(planners()).isEmpty();
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z][a-z2-9]{6}"));
    var first = call("report", names.get(2)).out();
    assertThat(first)
        .contains(names.get(2) + " exited with status 3", "hostname; exit 3", "of 64M");
    try (var reports = Files.list(state().resolve("reports"))) {
      assertThat(reports.map(path -> path.getFileName().toString().replaceAll("\\..*", "")))
          .containsExactlyInAnyOrderElementsOf(names);
    }
    assertThat(call("gc").out()).contains("nothing is left behind");
  }

  /** Its record is whole, though its name and time were filled in. */
  @Test
  void itIsAContainerLikeOthers() throws Exception {
    String[] words = {"run", "--name", "web", "--", "/bin/sh", "-c", "echo one; read _"};
    for (int i = 0; i < 2; i++) {
      assertThat(call(words).out()).isEqualTo("one\n");
    }
    stopPlanner();
    var running = Bailey.start(environment(), words);
    assertThat(running.inputReader().readLine()).isEqualTo("one");
    assertThat(planners()).isEmpty();
    assertThat(call("ls").out()).contains("web", "running");
    assertThat(call("exec", "web", "--", "/bin/sh", "-c", "echo in").out()).isEqualTo("in\n");
    assertThat(call(words).err()).contains("the name is in use");
    running.getOutputStream().close();
    assertThat(Bailey.await(running, "web")).isEqualTo(1);
    assertThat(call("ls").out()).doesNotContain("web");
  }

  @Test
  void whatWasCreatedBeforeIsStarted() throws IOException {
    String[] words = {"run", "--name", "web", "--", "/bin/sh", "-c", "echo one"};
    keepBad(words);
    assertThat(call("create", "web", "--memory", "64M").status()).isZero();
    succeeds("one\n", List.of(), words);
    assertThat(call("rm", "web").status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env FURTHER=1",
        "env HOME=/",
        "env -u PATH PATH=/bin:/usr/bin",
        "env BAILEY_IDLE=4m",
        "env -C /usr",
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
  void whoIsCalledOtherwiseAsks(String how) throws IOException {
    keepBad(ONE);
    startPlanner();
    succeeds("one\n", List.of(how.split(" ")), ONE);
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
        "\0/root",
        "\0/etc/sudoers.d",
        "\0/etc/krb5.keytab"
      })
  void whatWasOtherwiseThenIsNotDone(String dependency) throws IOException {
    keepBad(ONE);
    kept().changeFact(dependency);
    succeeds("one\n", List.of(), ONE);
  }

  @Test
  void aRootThatIsNoneIsRefused() throws IOException {
    var root = Files.createDirectory(directory().resolve("root"));
    Files.createDirectory(root.resolve("bin"));
    Files.copy(Path.of("/usr/bin/busybox"), root.resolve("bin/sh"));
    String[] words = {"run", "--root", root.toString(), "--", "/bin/sh", "-c", "echo one"};
    keepBad(words);
    Files.move(root, directory().resolve("moved"));
    Files.createFile(root);
    var result = call(words);
    assertThat(result.status()).isEqualTo(125);
    assertThat(result.err()).contains("--root: " + root + " is no directory");
  }

  @Test
  void anotherKindOfSourceIsMountedAsThat() throws IOException {
    var source = Files.createDirectory(directory().resolve("source"));
    var bind = source + ":/mnt/x";
    var script = "test -d /mnt/x && echo one || echo file";
    String[] words = {"run", "--tmpfs", "/mnt", "--bind", bind, "--", "/bin/sh", "-c", script};
    keepBad(words);
    Files.delete(source);
    Files.createFile(source);
    succeeds("file\n", List.of(), words);
    Files.delete(source);
    assertThat(call(words).err()).contains(source + " does not exist");
  }

  @Test
  void whereOthersCouldWriteItIsRefused() throws IOException {
    keepBad(ONE);
    Files.setPosixFilePermissions(state(), PosixFilePermissions.fromString("rwxrwx---"));
    var result = call(ONE);
    assertThat(result.status()).isEqualTo(125);
    assertThat(result.err()).contains("others may write to it");
  }

  @Test
  void whatIsBoundToAnotherHierarchyNowIsNotTakenForThis() throws IOException {
    keepBad(ONE);
    assertThat(call("hierarchy", "mount", "names", "-o", "uts").status()).isZero();
    succeeds("one\n", List.of(), ONE);
    assertThat(call("hierarchy", "unmount", "names").status()).isZero();
  }

  @Test
  void whatFailsIsToldAsWithoutAndLeavesNothing() throws IOException {
    var program = directory().resolve("one");
    Files.copy(Path.of("/usr/bin/busybox"), program);
    var bind = program + ":/mnt/sh:ro";
    String[] words = {"run", "--tmpfs", "/mnt", "--bind", bind, "--", "/mnt/sh", "-c", "echo one"};
    keepBad(words);
    Files.writeString(program, "no program");
    var again = call(words);
    var planned = call(List.of("env", "BAILEY_PLANS=off"), words);
    assertThat(again.err().replaceAll("start \\w+", "start it"))
        .contains("/mnt/sh")
        .isEqualTo(planned.err().replaceAll("start \\w+", "start it"));
    assertThat(again.status()).isEqualTo(planned.status()).isEqualTo(126);
    assertThat(call("ls").out()).doesNotContain("running");
    assertThat(call("gc").out()).contains("nothing is left behind");
  }

  /** The oldest reports are removed by a planner, which is asked sooner or later. */
  @Test
  void whereThereAreManyReportsSomebodyRemovesThem() throws IOException {
    comesTwice(ONE);
    var _ = kept().sayBad();
    for (int i = 0; i < 400; i++) {
      Files.createFile(state().resolve("reports/old" + i + ".0179540000058215" + (1000 + i)));
    }
    for (int i = 0; planners().isEmpty(); i++) { // one call in 16 looks
      assertThat(i).isLessThan(1000);
      assertThat(call(ONE).status()).isZero();
    }
    stopPlanner();
    try (var reports = Files.list(state().resolve("reports"))) {
      assertThat(reports.count()).isLessThan(300);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--detach --rm",
        "--name a/b",
        "--boundary",
        "--userns auto",
        "--proc view",
        "--join net=/proc/self/ns/net",
        "--user root"
      })
  void whatDependsOnMoreIsNotKept(String options) throws IOException {
    if (options.contains("a/b")) {
      assertThat(call("create", "a").status()).isZero();
    }
    var words = new ArrayList<>(List.of("run"));
    words.addAll(List.of(options.split(" ")));
    words.addAll(Arrays.asList(ONE).subList(1, ONE.length));
    for (int i = 0; i < 3; i++) {
      var result = call(words.toArray(String[]::new));
      assertThat(result.status()).as(result.err()).isZero();
    }
    stopPlanner();
    assertThat(kept().all()).isEmpty();
    if (options.contains("a/b")) {
      assertThat(call("rm", "a").status()).isZero();
    }
  }
}
