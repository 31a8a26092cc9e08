package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What led out of containers of other runtimes, each tried from the bundle or from inside. */
abstract class OciEscapes {
  private final Map<String, String> planning;
  @RegisterExtension final TestBundle bundle;

  /** Planned as the environment says. */
  OciEscapes(Map<String, String> planning) {
    bundle = new TestBundle(planning);
    this.planning = planning;
  }

  private Program.Result refused() {
    var result = bundle.run("run", "one");
    assertThat(result.status()).as(result.out()).isEqualTo(1);
    assertThat(result.err()).startsWith("bailey: ").hasLineCount(1);
    return result;
  }

  private void succeeds(String... words) {
    var result = bundle.run(words);
    assertThat(result.status()).as(result.err()).isZero();
  }

  private void link(String name, String target) throws IOException {
    var file = bundle.root().resolve(name);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(target));
  }

  // ---- CVE-2019-5736: the runtime's own program, by /proc/self/exe ----

  @Test
  void theRuntimeIsNoInterpreter() throws IOException {
    var script = bundle.root().resolve("bin/evil");
    Files.writeString(script, "#!/proc/self/exe\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    bundle.command("/bin/evil");
    var result = bundle.run("run", "one");
    assertThat(result.status()).isEqualTo(125);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void whoWaitsCannotBeOverwritten() {
    bundle.command("sleep", "1000");
    succeeds("create", "one");
    var result =
        bundle.run(
            "exec",
            "one",
            "sh",
            "-c",
            "echo x > /proc/1/exe; echo $?; cat /proc/1/mem; echo $?; readlink /proc/1/fd/6; echo"
                + " $?");
    assertThat(result.out()).isEqualTo("1\n1\n1\n");
    assertThat(result.err()).contains("Permission denied");
    succeeds("start", "one");
  }

  // ---- CVE-2024-21626: a working directory outside, by what is open ----

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 20})
  void noDescriptorIsAWorkingDirectory(int descriptor) {
    bundle.replace("\"cwd\": \"/\"", "\"cwd\": \"/proc/self/fd/" + descriptor + "\"");
    assertThat(refused().err()).containsAnyOf("ELOOP", "ENOENT");
  }

  @Test
  void norWhereALinkLeads() throws IOException {
    for (int descriptor = 3; descriptor < 20; descriptor++) {
      link("leak" + descriptor, "/proc/self/fd/" + descriptor);
    }
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    for (int descriptor = 3; descriptor < 20; descriptor++) {
      var result = bundle.run("exec", "--cwd", "/leak" + descriptor + "/../..", "one", "pwd");
      assertThat(result.status()).as(result.out()).isEqualTo(255);
    }
  }

  @Test
  void nothingOfTheCallersIsOpenInside() {
    bundle.script("for fd in /proc/self/fd/*; do [ -e $fd ] && readlink $fd; done; true");
    var script =
        "exec 5</etc 6</etc/passwd 7</; exec "
            + System.getProperty("bailey.home")
            + "/bailey-oci --root state run one";
    var result = Program.run(bundle.directory(), List.of("bash", "-c", script), planning);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).doesNotContain("etc").doesNotContain("\n/\n");
  }

  @Test
  void whatIsPreservedIsAllThatIsOpen() {
    bundle.script("cat <&3; ls /proc/self/fd | grep -c '[4-9]'");
    var script =
        "exec 3</etc/hostname 4</etc/passwd; exec "
            + System.getProperty("bailey.home")
            + "/bailey-oci --root state run --preserve-fds 1 one";
    var result = Program.run(bundle.directory(), List.of("bash", "-c", script), planning);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().toList()).last().isIn("0", "1"); // the directory that ls reads
    assertThat(result.out().lines().count()).isEqualTo(2);
  }

  // ---- CVE-2021-30465: links in the place of mount targets ----

  private static final String DATA =
      "{'destination': '/data/place', 'type': 'tmpfs', 'source': 'tmpfs'}";

  @ParameterizedTest
  @ValueSource(strings = {"/../../../..", "../../../..", "/proc/self/root/../.."})
  void mountsStayInside(String up) throws IOException {
    var outside = Files.createDirectory(bundle.directory().resolve("outside"));
    link("data", up + outside);
    bundle.mount(DATA).script("ls -d /data/place");
    var result = bundle.run("run", "one");
    assertThat(outside).isEmptyDirectory();
    assertThat(result.status()).isIn(0, 1);
  }

  @Test
  void mountsStayInsideWhileSomebodyExchangesThePlace() throws Exception {
    var outside = Files.createDirectory(bundle.directory().resolve("outside"));
    var directory = Files.createDirectories(bundle.root().resolve("data"));
    var aside = bundle.root().resolve("aside");
    var link = bundle.root().resolve("link");
    bundle.mount(DATA).command("true");
    var stop = new AtomicBoolean();
    var racer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    try {
                      Files.deleteIfExists(link);
                      Files.createSymbolicLink(link, outside);
                      Files.move(directory, aside);
                      Files.move(link, directory);
                      Files.delete(directory);
                      Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
                    } catch (IOException _) { // what is mounted there cannot be moved
                    }
                  }
                });
    try {
      for (int i = 0; i < 12; i++) {
        bundle.run("run", "one");
        assertThat(outside).isEmptyDirectory();
      }
    } finally {
      stop.set(true);
      racer.join();
    }
  }

  @Test
  void aLinkIntoProcIsNoPlaceForAMount() throws IOException {
    link("data", "/proc/sys");
    bundle.mount(DATA.replace("/place", "/kernel"));
    assertThat(refused().err()).contains("proc file system").contains("EXDEV");
  }

  @Test
  void nothingIsMountedOverProc() {
    bundle.mount("{'destination': '/proc/self/../1/../sys', 'type': 'tmpfs', 'source': 'tmpfs'}");
    assertThat(refused().err()).contains("mounts[");
  }

  // ---- CVE-2025-31133, -52565, -52881: masks, the console, what is written by the runtime ----

  @Test
  void aLinkInThePlaceOfDevNullMasksNothing() throws IOException {
    // without a /dev of its own the root's is used
    bundle.replace("\"destination\": \"/dev\",", "\"destination\": \"/elsewhere\",");
    link("dev/null", "/proc/sysrq-trigger");
    assertThat(refused().err()).contains("/dev/null").contains("EEXIST");
  }

  @Test
  void aLinkInThePlaceOfTheConsoleIsCovered() throws IOException {
    bundle
        .replace("\"destination\": \"/dev\",", "\"destination\": \"/elsewhere\",")
        .replace("\"terminal\": false", "\"terminal\": true");
    link("dev/console", "/proc/sys/kernel/core_pattern");
    var before = Files.readString(Path.of("/proc/sys/kernel/core_pattern"));
    bundle.script(
        "grep -c ' /proc/sys/kernel' /proc/self/mountinfo; echo evil > /dev/console; echo done");
    var result = bundle.run("run", "one");
    assertThat(result.status()).as(result.err() + result.out()).isZero();
    assertThat(result.out()).contains("0").contains("done");
    assertThat(Files.readString(Path.of("/proc/sys/kernel/core_pattern"))).isEqualTo(before);
  }

  @Test
  void anotherDeviceInThePlaceOfTheMultiplexerIsNoTerminal() throws IOException {
    bundle
        .replace("\"destination\": \"/dev\",", "\"destination\": \"/elsewhere\",")
        .replace("\"destination\": \"/dev/pts\",", "\"destination\": \"/elsewhere/pts\",")
        .replace("\"terminal\": false", "\"terminal\": true");
    link("dev/pts/ptmx", "../zero");
    assertThat(refused().err()).contains("/dev/ptmx").contains("ENODEV");
  }

  @Test
  void kernelPathsAreHiddenAndProtected() {
    bundle.script(
        "for f in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches"
            + " /sys/kernel/uevent_helper /sys/fs/cgroup/memory/memory.limit_in_bytes; do"
            + " (echo 0 > $f) 2> /dev/null && echo $f; done;"
            + " cat /proc/keys /proc/timer_list; ls /sys/firmware /proc/acpi;"
            + " mount -o remount,rw /proc/sys 2> /dev/null && echo remounted;"
            + " umount /proc/sys 2> /dev/null && echo unmounted; echo end");
    var result = bundle.run("run", "one");
    assertThat(result.out().lines().filter(line -> !line.isEmpty() && !line.endsWith(":")))
        .containsExactly("end");
  }

  // ---- CVE-2022-0492: the release agent of a control group ----

  @Test
  void noReleaseAgentCanBeSet() {
    bundle.script(
        "for d in /sys/fs/cgroup/*; do (echo /evil > $d/release_agent) 2> /dev/null && echo $d;"
            + " done; mkdir -p /dev/shm/c; busybox unshare -Ur busybox sh -c 'mount -t cgroup -o"
            + " memory none /dev/shm/c && echo /evil > /dev/shm/c/release_agent && echo set' 2>"
            + " /dev/null; echo end");
    var result = bundle.run("run", "one");
    assertThat(result.out()).isEqualTo("end\n");
  }

  // ---- a further process, and ids ----

  @Test
  void aFurtherProcessHasNoMoreThanTheContainer() {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    var script = "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status";
    var first = bundle.run("exec", "one", "sh", "-c", script.replace("self", "1"));
    var further = bundle.run("exec", "one", "sh", "-c", script);
    assertThat(further.out()).isEqualTo(first.out()).contains("NoNewPrivs:\t1");
    var open =
        bundle.run(
            "exec",
            "one",
            "sh",
            "-c",
            "n=3; while [ $n -lt 99 ]; do [ -L /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done");
    assertThat(open.out()).isEmpty();
  }

  @Test
  void rootInsideIsNobodyOutside() throws IOException {
    bundle.users().command("sleep", "1000");
    succeeds("run", "--detach", "--pid-file", "pid", "one");
    var pid = Files.readString(bundle.directory().resolve("pid"));
    assertThat(Files.readString(Path.of("/proc/" + pid + "/status")))
        .contains("Uid:\t100000\t100000\t100000\t100000");
    var inside =
        bundle.run(
            "exec",
            "one",
            "sh",
            "-c",
            "id; (echo 0 0 1 > /proc/self/uid_map) 2> /dev/null || echo mapped once; (echo 1 >"
                + " /proc/1/oom_score_adj); touch /proc/1/x 2> /dev/null; head -c 40"
                + " /proc/self/uid_map");
    assertThat(inside.out()).startsWith("uid=0 gid=0").contains("mapped once").contains("100000");
  }

  @Test
  void theFilterIsInForce() {
    bundle
        .linux(
            "'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['sethostname'],"
                + " 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 95}]}")
        .script("grep Seccomp: /proc/self/status; hostname evil");
    var result = bundle.run("run", "one");
    assertThat(result.out()).isEqualTo("Seccomp:\t2\n");
    assertThat(result.err()).containsIgnoringCase("not supported");
  }
}
