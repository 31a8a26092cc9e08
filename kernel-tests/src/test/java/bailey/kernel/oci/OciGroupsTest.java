package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.CgroupLayout;
import bailey.linux.probe.KernelProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control groups of a bundle's container: where they are, what is set, who is in them. */
class OciGroupsTest {
  @RegisterExtension final TestBundle bundle = new TestBundle();

  private static final CgroupLayout LAYOUT = KernelProbe.features().cgroups();

  private void succeeds(String... words) {
    var result = bundle.run(words);
    assertThat(result.status()).as(result.err()).isZero();
  }

  /** In the hierarchy of v1 where it is there, else in that of v2. */
  private static Path group(String controller, String path) {
    var v1 = LAYOUT.mounts().get(controller);
    return Path.of((v1 == null ? LAYOUT.unified().orElseThrow() : v1) + path);
  }

  private static boolean isV1(String controller) {
    return LAYOUT.mounts().containsKey(controller);
  }

  private String value(String controller, String v1, String v2) throws IOException {
    var file = group(controller, bundle.group()).resolve(isV1(controller) ? v1 : v2);
    return Files.readString(file).strip();
  }

  private static final String LIMITS =
      "'memory': {'limit': %d, 'swap': %d}, 'pids': {'limit': %d},"
          + " 'cpu': {'quota': %d, 'period': 50000, 'cpus': '0'}";

  private void check(long memory, long swap, long pids, long quota) throws IOException {
    assertThat(value("memory", "memory.limit_in_bytes", "memory.max")).isEqualTo("" + memory);
    assertThat(value("memory", "memory.memsw.limit_in_bytes", "memory.swap.max"))
        .isEqualTo("" + (isV1("memory") ? swap : swap - memory));
    assertThat(value("pids", "pids.max", "pids.max")).isEqualTo("" + pids);
    assertThat(value("cpu", "cpu.cfs_quota_us", "cpu.max"))
        .isEqualTo(quota + (isV1("cpu") ? "" : " 50000"));
    assertThat(value("cpuset", "cpuset.cpus", "cpuset.cpus")).isEqualTo("0");
  }

  /** Raised and lowered, the limit of memory above the former one of memory and swap too. */
  @Test
  void limitsAreSetAndChanged() throws IOException {
    bundle
        .replace(
            "\"resources\": {",
            "\"resources\": {"
                + LIMITS.formatted(32 << 20, 48 << 20, 20, 25_000).replace('\'', '"')
                + ",")
        .command("sleep", "1000");
    succeeds("run", "--detach", "one");
    check(32 << 20, 48 << 20, 20, 25_000);
    for (var next : List.of(new long[] {256, 512, 40, 50_000}, new long[] {16, 24, 10, 5000})) {
      var file = bundle.directory().resolve("limits");
      Files.writeString(
          file,
          "{"
              + LIMITS.formatted(next[0] << 20, next[1] << 20, next[2], next[3]).replace('\'', '"')
              + "}");
      succeeds("update", "--resources", file.toString(), "one");
      check(next[0] << 20, next[1] << 20, next[2], next[3]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--cpu-share, 512, cpu, cpu.shares, 512, cpu.weight, 59",
    "--pids-limit, 9, pids, pids.max, 9, pids.max, 9",
    "--pids-limit, -1, pids, pids.max, max, pids.max, max",
    "--memory-reservation, 1048576, memory, memory.soft_limit_in_bytes, 1048576, memory.low,"
        + " 1048576",
    "--cpuset-mems, 0, cpuset, cpuset.mems, 0, cpuset.mems, 0",
    "--cpu-idle, 1, cpu, cpu.idle, 1, cpu.idle, 1"
  })
  void eachIsChangedByItsOption(
      String option, String given, String controller, String v1, String in1, String v2, String in2)
      throws IOException {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    succeeds("update", option + "=" + given, "one");
    assertThat(value(controller, v1, v2)).isEqualTo(isV1(controller) ? in1 : in2);
  }

  /** The kernel of v2 would end processes for it. */
  @Test
  void lessMemoryThanIsUsedIsRefusedWhereThatIsAskedFor() throws IOException {
    bundle.script("dd if=/dev/zero of=/dev/shm/x bs=1M count=16 2> /dev/null; exec sleep 1000");
    succeeds("run", "--detach", "one");
    var used = group("memory", bundle.group());
    while (Long.parseLong(
            Files.readString(
                    used.resolve(isV1("memory") ? "memory.usage_in_bytes" : "memory.current"))
                .strip())
        < 16 << 20) {
      Thread.onSpinWait();
    }
    var file = bundle.directory().resolve("limits");
    Files.writeString(file, "{\"memory\": {\"limit\": 4194304, \"checkBeforeUpdate\": true}}");
    if (!isV1("memory")) {
      var result = bundle.run("update", "--resources", file.toString(), "one");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("linux.resources.memory.limit: 4194304 is less than");
    }
    assertThat(bundle.run("state", "one").out()).contains("\"running\"");
  }

  /** A relative path is below bailey's own groups; systemd's form is where systemd would be. */
  @ParameterizedTest
  @CsvSource({"cgroupfs, %s", "systemd, %s.slice:app:web"})
  void otherFormsOfThePath(String manager, String form) throws IOException {
    var mark = bundle.group().substring(1, bundle.group().lastIndexOf('/'));
    boolean systemd = manager.equals("systemd");
    var name = systemd ? mark.replace("-", "") : mark;
    bundle.replace("\"" + bundle.group() + "\"", "\"" + form.formatted(name) + "\"");
    bundle.command("sleep", "1000");
    succeeds("--cgroup-manager", manager, "run", "--detach", "--pid-file", "pid", "one");
    var pid = Files.readString(bundle.directory().resolve("pid"));
    var lines = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"));
    var end = systemd ? "/" + name + ".slice/app-web.scope" : "-oci/" + name;
    var groups = lines.stream().filter(line -> line.endsWith(end)).toList();
    assertThat(groups).as(lines.toString()).isNotEmpty();
    succeeds("delete", "--force", "one");
    if (systemd) {
      for (var top : tops()) {
        Files.deleteIfExists(top.resolve(name + ".slice"));
      }
    }
    for (var top : tops()) {
      assertThat(top.resolve(groups.getFirst().replaceAll("^[^/]*/", ""))).doesNotExist();
    }
  }

  private static List<Path> tops() {
    var tops = new ArrayList<Path>();
    LAYOUT.unified().map(Path::of).ifPresent(tops::add);
    LAYOUT.mounts().values().stream().map(Path::of).forEach(tops::add);
    return tops;
  }

  @Test
  void filesOfVersion2AreWrittenAsTheyAre() {
    var unified = LAYOUT.unifiedControllers().contains("memory");
    bundle.replace(
        "\"resources\": {", "\"resources\": {\"unified\": {\"memory.high\": \"8388608\"},");
    bundle.command("cat", "/sys/fs/cgroup/memory.high");
    var result = bundle.run("run", "one");
    if (unified) {
      assertThat(result.out()).as(result.err()).isEqualTo("8388608\n");
    } else {
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("linux.resources.unified.memory.high: ");
    }
  }

  // ---- devices ----

  @Test
  void onlyWhatIsAllowedIsOpened() {
    bundle
        .replace(
            "\"access\": \"rwm\"\n",
            "\"access\": \"rwm\"\n"
                + "}, {\"allow\": true, \"type\": \"c\", \"major\": 10, \"minor\": 229, \"access\":"
                + " \"r\"\n")
        .linux(
            "'devices': [{'path': '/dev/fuse', 'type': 'c', 'major': 10, 'minor': 229},"
                + " {'path': '/dev/port', 'type': 'c', 'major': 1, 'minor': 4}]")
        .script(
            "(: < /dev/fuse) && echo read; (: > /dev/fuse) 2> /dev/null || echo no write;"
                + " (: < /dev/port) 2> /dev/null || echo no port; echo x > /dev/null && echo null");
    var result = bundle.run("run", "one");
    assertThat(result.out()).as(result.err()).isEqualTo("read\nno write\nno port\nnull\n");
  }

  // ---- ends ----

  private int processes() {
    return (int)
            bundle.run("ps", "--format", "json", "one").out().chars().filter(c -> c == ',').count()
        + 1;
  }

  private void awaitStopped() {
    while (!bundle.run("state", "one").out().contains("\"stopped\"")) {
      Thread.onSpinWait();
    }
  }

  /** By name, with SIG before it, by number; to all of them also while they fork. */
  @ParameterizedTest
  @ValueSource(strings = {"KILL", "SIGKILL", "9", "TERM", "sigterm", "15"})
  void aSignalToAll(String signal) {
    bundle
        .replace("\"type\": \"pid\"", "\"type\": \"time\"")
        .script("sleep 1000 & sleep 1000 & while true; do sleep 0.01; done");
    succeeds("run", "--detach", "one");
    while (processes() < 3) {
      Thread.onSpinWait();
    }
    succeeds("kill", "--all", "one", signal);
    awaitStopped();
    assertThat(bundle.run("ps", "--format", "json", "one").out()).isEqualTo("[]\n");
    assertThat(bundle.run("kill", "one", signal).err()).contains("container not running");
    succeeds("delete", "one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"created", "running", "paused", "stopped"})
  void anyIsDeletedByForce(String status) {
    bundle.script("sleep 1000 & exec sleep 1000");
    succeeds("create", "one");
    if (!status.equals("created")) {
      succeeds("start", "one");
    }
    if (status.equals("paused")) {
      succeeds("pause", "one");
    }
    if (status.equals("stopped")) {
      succeeds("kill", "one", "KILL");
      awaitStopped();
    }
    assertThat(bundle.run("state", "one").out()).contains("\"status\": \"" + status + "\"");
    succeeds("delete", "--force", "one");
    assertThat(bundle.run("state", "one").status()).isEqualTo(1);
    for (var top : tops()) {
      assertThat(Path.of(top + bundle.group())).doesNotExist();
    }
  }

  @Test
  void whatIsPausedIsKilled() {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    succeeds("pause", "one");
    succeeds("kill", "one", "KILL");
    awaitStopped();
  }

  @Test
  void aSignalThatThereIsNotIsRefused() {
    bundle.command("sleep", "1000");
    succeeds("run", "--detach", "one");
    for (var signal : List.of("SIGNOTHING", "0x9", "65", "-1")) {
      var result = bundle.run("kill", "one", "--", signal);
      assertThat(result.status()).as(signal).isEqualTo(1);
      assertThat(result.err()).contains("SIGNAL").hasLineCount(1);
    }
    assertThat(bundle.run("state", "one").out()).contains("\"running\"");
  }
}
