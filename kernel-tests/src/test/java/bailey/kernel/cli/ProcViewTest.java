package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs in a container are told by /proc. */
class ProcViewTest {
  @TempDir private Path folder;

  @BeforeEach
  void require() {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    KernelAbility.require(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    Bailey.requireGroups();
  }

  private static List<String> words(String script, String... options) {
    var words = new ArrayList<>(List.of("run", "--name", Bailey.name()));
    words.addAll(List.of(options));
    words.addAll(List.of("--", "sh", "-c", script));
    return words;
  }

  private static String out(String script, String... options) {
    var result = Bailey.run("", words(script, options));
    assertThat(result.status()).as(result.err() + result.out()).isZero();
    return result.out();
  }

  private static String view(String script) {
    return out(script, "--memory", "64M", "--cpus", "1", "--proc", "view");
  }

  private static List<String> fields(String text, String first) {
    return text.lines()
        .filter(line -> line.startsWith(first))
        .map(line -> List.of(line.strip().split("[ \t]+", -1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(first + " is not in " + text));
  }

  @Test
  void freeTellsTheLimit() {
    var memory = fields(view("LC_ALL=C free -k"), "Mem:");
    assertThat(memory.get(1)).isEqualTo("65536");
    assertThat(Long.parseLong(memory.get(2))).as("used").isBetween(0L, 16_000L);
    assertThat(Long.parseLong(memory.get(3))).as("free").isBetween(45_000L, 65_536L);
  }

  @Test
  void whatIsUsedIsNotFree() {
    var text =
        view(
            "cat /proc/meminfo; dd if=/dev/zero of=/tmp/x bs=1M count=32 2>/dev/null;"
                + " sed s/^/after/ /proc/meminfo");
    long before = Long.parseLong(fields(text, "MemFree:").get(1));
    long after = Long.parseLong(fields(text, "afterMemFree:").get(1));
    assertThat(before - after).isBetween(32L << 10, 40L << 10);
    assertThat(Long.parseLong(fields(text, "afterShmem:").get(1))).isBetween(32L << 10, 34L << 10);
  }

  @Test
  void theLimitOfWhatItIsInHolds() {
    var outer = Bailey.name();
    assertThat(Bailey.run("create", "--memory", "48M", outer).status()).isZero();
    try {
      var inner =
          Bailey.run(
              "run",
              "--name",
              outer + "/in",
              "--memory",
              "64M",
              "--proc",
              "view",
              "--",
              "cat",
              "/proc/meminfo");
      assertThat(fields(inner.out(), "MemTotal:").get(1)).isEqualTo("49152");
    } finally {
      assertThat(Bailey.run("rm", outer).status()).isZero();
    }
  }

  @Test
  void programsCountOneCpu() {
    assertThat(view("nproc; grep -c ^processor /proc/cpuinfo; grep -c '^cpu[0-9]' /proc/stat"))
        .isEqualTo("1\n1\n1\n");
    assertThat(
            view(
                "[ $(cat /sys/devices/system/cpu/online) = $(taskset -pc $$ | sed 's/.*: //') ]"
                    + " && echo the same number"))
        .isEqualTo("the same number\n");
  }

  @Test
  void aFurtherCommandSeesTheSame() {
    var name = Bailey.name();
    var run =
        Bailey.run(
            "run",
            "-d",
            "--rm",
            "--name",
            name,
            "--cpus",
            "1",
            "--memory",
            "64M",
            "--proc",
            "view",
            "--",
            "sleep",
            "1000");
    assertThat(run.status()).as(run.err()).isZero();
    try {
      var further =
          Bailey.run("exec", name, "--", "sh", "-c", "nproc; grep MemTotal /proc/meminfo");
      assertThat(further.out()).matches("1\nMemTotal: +65536 kB\n");
    } finally {
      assertThat(Bailey.run("rm", "--force", name).status()).isZero();
    }
  }

  @Test
  void aJvmThatKnowsNoContainersCountsOneCpu() throws IOException {
    var program = folder.resolve("Cpus.java");
    Files.writeString(
        program,
        "class Cpus { public static void main(String[] a) {"
            + " System.out.println(Runtime.getRuntime().availableProcessors()); } }");
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    assertThat(
            out(
                java + " -XX:-UseContainerSupport -Xmx64m /program/Cpus.java",
                "--memory",
                "512M",
                "--cpus",
                "1",
                "--proc",
                "view",
                "--bind",
                folder + ":/program:ro"))
        .isEqualTo("1\n");
  }

  @Test
  void itHasJustStarted() {
    var text =
        view(
            "cat /proc/uptime; uptime -p; date +%s; echo began $(date -d \"$(ps -o lstart= 1)\""
                + " +%s); vmstat; top -bn1");
    assertThat(Double.parseDouble(text.substring(0, text.indexOf(' ')))).isLessThan(60);
    assertThat(text).contains("up 0 min");
    long now = Long.parseLong(text.lines().skip(2).findFirst().orElseThrow());
    assertThat(Long.parseLong(fields(text, "began").get(1))).isCloseTo(now, within(60L));
    assertThat(text).contains("procs ---").contains("Tasks:").contains("load average:");
  }

  /** What top says of a program that may use a quarter of a CPU, and what the kernel says. */
  @Test
  void topTellsTheTruth() {
    var text =
        out(
            "(while :; do :; done) & sleep 1; used() { cut -d' ' -f14,15 /proc/$!/stat; };"
                + " used; date +%s%N; LC_ALL=C top -b -d 3 -n 2 | grep '^%Cpu'; used; date +%s%N",
            "--cpus", "0.25", "--proc", "view");
    var lines = text.lines().toList();
    double truth =
        100.0
            * (ticks(lines.get(4)) - ticks(lines.get(0)))
            / ((Long.parseLong(lines.get(5)) - Long.parseLong(lines.get(1))) / 1e7);
    assertThat(percent(lines.get(3), "us") + percent(lines.get(3), "sy"))
        .as(text)
        .isCloseTo(truth, within(3.0));
    assertThat(percent(lines.get(3), "st")).as("wanted and not had: %s", text).isGreaterThan(50);
  }

  private static long ticks(String userAndSystem) {
    var both = userAndSystem.split(" ", -1);
    return Long.parseLong(both[0]) + Long.parseLong(both[1]);
  }

  private static double percent(String line, String what) {
    var found = Pattern.compile("([0-9.]+) " + what).matcher(line);
    assertThat(found.find()).as(line).isTrue();
    return Double.parseDouble(found.group(1));
  }

  /** Three busy loops on one CPU: as the kernel's formula has it for three tasks that run. */
  @Test
  void loadAveragesAreThoseOfTheKernelsFormula() {
    var text =
        view(
            "for i in 1 2 3; do (while :; do :; done) & done; sleep 41;"
                + " read up rest < /proc/uptime; echo $up; cat /proc/loadavg");
    double up = Double.parseDouble(text.lines().findFirst().orElseThrow());
    var load = text.lines().skip(1).findFirst().orElseThrow().split(" ", -1);
    double steps = Math.floor(up / 5);
    assertThat(Double.parseDouble(load[0]))
        .as(text)
        .isBetween(0.95 * load(3, steps - 1, 60) - 0.01, 1.05 * load(3, steps, 60) + 0.01);
    assertThat(Double.parseDouble(load[1]))
        .as(text)
        .isBetween(0.95 * load(3, steps - 1, 300) - 0.01, 1.05 * load(3, steps, 300) + 0.01);
    assertThat(load[3]).as("threads that run, of all").matches("[34]/[5-9]");
  }

  private static double load(int tasks, double steps, int seconds) {
    return tasks * (1 - Math.exp(-steps * 5 / seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "auto"})
  void aBoundaryIsShownItselfUnlessItIsToSeeTheMachine(String users) {
    var memory = List.of("--boundary", "--userns", users, "--memory", "64M");
    assertThat(fields(out("cat /proc/meminfo", memory.toArray(String[]::new)), "MemTotal:").get(1))
        .isEqualTo("65536");
    var host = new ArrayList<>(memory);
    host.addAll(List.of("--proc", "host"));
    assertThat(fields(out("cat /proc/meminfo", host.toArray(String[]::new)), "MemTotal:").get(1))
        .isNotEqualTo("65536");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "auto"})
  void noWayLeadsOutOfTheFiles(String users) {
    var name = Bailey.name();
    var result =
        Bailey.run(
            "",
            List.of(
                "run",
                "--name",
                name,
                "--userns",
                users,
                "--proc",
                "view",
                "--memory",
                "64M",
                "--",
                "sh",
                "-c",
                """
                echo x > /proc/meminfo && echo written
                chmod 666 /proc/uptime && echo changed
                rm /proc/stat && echo removed
                ls /proc/meminfo/.. && echo left
                exec 3< /proc/meminfo
                ls -d /proc/self/fd/3/.. && echo left
                cd /proc/self/fd/3 && echo entered
                ls -A /proc/driver | grep -x meminfo && echo there
                mount -o remount,rw,bind /proc/meminfo && echo remounted
                grep -c fuse /proc/self/mountinfo
                grep fuse /proc/self/mountinfo
                cat /proc/meminfo > /dev/null && echo read
                """));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .endsWith("read\n")
        .doesNotContain("written", "changed", "removed", "left", "entered", "there", "remounted")
        .doesNotContain(name);
    assertThat(result.out().lines().filter(line -> line.contains(" ro,")).count())
        .as(result.out())
        .isEqualTo(Long.parseLong(result.out().lines().findFirst().orElseThrow()));
  }

  @Test
  void aMountNamespaceOfOthersIsNotChanged() {
    var refused = Bailey.run("run", "--share", "mnt", "--proc", "view", "--", "true");
    assertThat(refused.status()).isEqualTo(125);
    assertThat(refused.err()).contains("--proc=view").contains("--share mnt");
  }

  /** Of a state directory of its own, where nobody else needs it. */
  private Process start(Map<String, String> more, List<String> words) throws IOException {
    var all = new ArrayList<>(List.of(Bailey.LAUNCHER.toString()));
    all.addAll(words);
    var builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().putAll(Bailey.SERVING);
    builder.environment().put("BAILEY_STATE", folder.resolve("state").toString());
    builder.environment().putAll(more);
    return builder.start();
  }

  /** Who is asked to serve, and who holds the file system open for that. */
  private List<ProcessHandle> servers() {
    var directory = folder.resolve("state/view").toString();
    return ProcessHandle.allProcesses()
        .filter(
            process -> {
              try {
                var words =
                    Files.readString(
                        Path.of("/proc/" + process.pid() + "/cmdline"),
                        StandardCharsets.ISO_8859_1);
                return words.contains("--descriptor") && words.contains(directory);
              } catch (IOException _) {
                return false; // it has ended
              }
            })
        .toList();
  }

  @Test
  @Timeout(120)
  void whoReadsNoticesNothingWhenTheServerIsKilledAndItEndsWithTheLast() throws Exception {
    var words =
        words(
            "i=0; while [ ! -e /stop/it ]; do read up idle < /proc/uptime || echo failed;"
                + " i=$((i+1)); [ $i = 20 ] && echo reading; done; grep MemTotal /proc/meminfo",
            "--memory",
            "64M",
            "--proc",
            "view",
            "--bind",
            folder + ":/stop");
    var reader = start(Map.of("BAILEY_IDLE", "5s"), words);
    try (var out =
        new BufferedReader(
            new InputStreamReader(reader.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("reading");
      for (int i = 0; i < 3; i++) {
        for (var server : servers()) {
          var children = server.children().toList();
          if (!children.isEmpty()) { // the JVM is a child of the program that was called
            children.forEach(ProcessHandle::destroyForcibly);
            children.forEach(child -> child.onExit().join());
          }
        }
        var asked = start(Map.of("BAILEY_IDLE", "5s"), words("cat /proc/uptime", "--proc", "view"));
        assertThat(Bailey.await(asked, "asked")).isZero();
      }
      Files.createFile(folder.resolve("it"));
      assertThat(out.readLine()).contains("65536 kB");
      assertThat(out.readLine()).isNull();
    }
    assertThat(Bailey.await(reader, "reader")).isZero();
    while (!servers().isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(folder.toString());
    var collected = start(Map.of("BAILEY_SERVE", "off"), List.of("gc"));
    assertThat(Bailey.await(collected, "the groups of this state directory")).isZero();
    var stopped = start(Map.of(), List.of("serve", "--stop"));
    assertThat(Bailey.await(stopped, "stopped")).isZero();
  }
}
