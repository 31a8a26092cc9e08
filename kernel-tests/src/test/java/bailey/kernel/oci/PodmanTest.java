package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Podman with bailey as its runtime, and an image that is made here. */
class PodmanTest {
  private static final String RUNTIME = System.getProperty("bailey.home") + "/bailey-oci";
  private static final String GROUP = "/bailey-test-podman-" + ProcessHandle.current().pid();

  /** Where Podman puts the monitors of further processes, whatever it is told. */
  private static final String USUAL = "/libpod_parent";

  private static final Path HIERARCHIES = Path.of("/sys/fs/cgroup");
  private static Path directory = Path.of("/nowhere");
  private static boolean usual;
  private static String runtime = "";

  @BeforeAll
  static void makeImage() throws IOException {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    Program.require("podman");
    Program.require("conmon");
    Program.require("busybox");
    usual = Files.exists(Path.of(HIERARCHIES + USUAL));
    try (var hierarchies = Files.list(HIERARCHIES)) {
      usual |= hierarchies.anyMatch(hierarchy -> Files.exists(Path.of(hierarchy + USUAL)));
    }
    directory = Files.createTempDirectory("bailey-test-podman");
    var root = directory.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of("/usr/bin/busybox"), root.resolve("bin/busybox"));
    for (var applet :
        List.of(
            "sh", "ls", "cat", "ps", "id", "sleep", "grep", "false", "tty", "hostname", "stat")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/kept"), "kept\n");
    var below = Files.createDirectories(root.resolve("etc/below"));
    var file = Files.writeString(below.resolve("file"), "deep\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setAttribute(file, "unix:uid", 1234);
    Files.setAttribute(file, "unix:gid", 5678);
    Files.createSymbolicLink(below.resolve("link"), Path.of("file"));
    runtime = wrapped("alone", Map.of("BAILEY_SERVE", "off"));
    var archive = directory.resolve("image.tar").toString();
    Program.run(directory, List.of("tar", "-C", root.toString(), "-cf", archive, "."));
    var imported = podman("import", archive, "bb");
    assertThat(imported.status()).as(imported.err()).isZero();
  }

  @AfterAll
  static void removeAll() throws IOException {
    if (Files.exists(directory)) {
      podman("rm", "--all", "--force");
      podman("rmi", "--all", "--force");
      Program.run(Path.of("/"), List.of("rm", "-rf", directory.toString()));
    }
    removeGroups(HIERARCHIES);
    try (var hierarchies = Files.list(HIERARCHIES)) {
      for (var hierarchy : hierarchies.toList()) {
        removeGroups(hierarchy);
      }
    }
  }

  /** Those that Podman makes for all its containers: its monitors have one too. */
  private static void removeGroups(Path hierarchy) throws IOException {
    for (var name : usual ? List.of(GROUP) : List.of(GROUP, USUAL)) {
      var group = Path.of(hierarchy + name);
      awaitEmpty(group.resolve("conmon"));
      Files.deleteIfExists(group.resolve("conmon"));
      Files.deleteIfExists(group);
    }
  }

  /** The monitor of a container that was removed is about to end. */
  private static void awaitEmpty(Path group) throws IOException {
    if (Files.exists(group)) {
      for (var pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(process -> process.onExit().join());
      }
    }
  }

  /** The runtime with an environment: Podman hands on none of its own. */
  private static String wrapped(String name, Map<String, String> environment) throws IOException {
    var script = new StringBuilder("#!/bin/sh\n");
    environment.forEach((key, value) -> script.append("export " + key + "=" + value + "\n"));
    script.append("exec " + RUNTIME + " \"$@\"\n");
    var file = Files.writeString(directory.resolve(name), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file.toString();
  }

  private static Program.Result podman(String... words) {
    var all =
        new ArrayList<>(
            List.of(
                "podman",
                "--root",
                directory.resolve("storage").toString(),
                "--runroot",
                directory.resolve("run").toString(),
                "--tmpdir",
                directory.resolve("tmp").toString(),
                "--storage-driver",
                "vfs",
                "--cgroup-manager",
                "cgroupfs",
                "--events-backend",
                "file",
                "--runtime",
                runtime));
    all.addAll(Arrays.asList(words));
    return Program.run(directory, all);
  }

  /** Without what a machine without CAP_SYS_RESOURCE cannot have, and without a network. */
  static List<String> modest(String... words) {
    var all = new ArrayList<>(List.of("run", "--network", "none"));
    all.addAll(List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"));
    all.addAll(List.of(words));
    return all;
  }

  private static Program.Result run(String... words) {
    var all = modest("--cgroup-parent", GROUP);
    all.addAll(List.of(words));
    return podman(all.toArray(new String[0]));
  }

  @Test
  void runsToTheEnd() {
    var result = run("--rm", "--hostname", "web", "bb", "sh", "-c", "id -u; hostname; ps; exit 7");
    assertThat(result.status()).as(result.err()).isEqualTo(7);
    assertThat(result.out()).startsWith("0\nweb\n").contains("    1 0        sh -c");
  }

  @ParameterizedTest
  @CsvSource({"nothing, 127", "/etc/kept, 126"})
  void saysWhyACommandCannotBeRun(String command, int status) {
    var result = run("--rm", "bb", command);
    assertThat(result.status()).as(result.err()).isEqualTo(status);
    assertThat(result.err()).contains("executing " + command);
  }

  @Test
  void wallsAreThoseAskedFor() throws IOException {
    var volume = Files.createDirectories(directory.resolve("volume"));
    Files.writeString(volume.resolve("file"), "data\n");
    var result =
        run(
            "--rm",
            "--read-only",
            "--cap-drop",
            "ALL",
            "--user",
            "1000:1001",
            "--security-opt",
            "no-new-privileges",
            "--sysctl",
            "net.ipv4.ip_forward=1",
            "-v",
            volume + ":/data:ro",
            "bb",
            "sh",
            "-c",
            "cat /data/file /proc/sys/net/ipv4/ip_forward; id -u; id -g; grep -E"
                + " '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status; (echo > /x) 2> /dev/null ||"
                + " echo read-only; (echo > /data/y) 2> /dev/null || echo protected; echo out >"
                + " /dev/stdout");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            data
            1
            1000
            1001
            CapEff:\t0000000000000000
            NoNewPrivs:\t1
            Seccomp:\t2
            read-only
            protected
            out
            """);
  }

  @Test
  void memoryHasWhatTheImageHadThere() {
    var result =
        run(
            "--rm",
            "--tmpfs",
            "/etc",
            "bb",
            "sh",
            "-c",
            "cat /etc/kept /etc/below/file; ls -ln /etc/below/link /etc/below/file; stat -c %a"
                + " /etc; echo x > /etc/kept && cat /etc/kept");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("kept\ndeep\n")
        .contains(" file\n")
        .contains("-rw-r-----    1 1234     5678")
        .endsWith("755\nx\n");
  }

  @Test
  void limitsAreThoseAskedFor() {
    var result =
        run(
            "--rm",
            "--memory",
            "64m",
            "--pids-limit",
            "33",
            "--cpus",
            "0.5",
            "bb",
            "sh",
            "-c",
            "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes pids/pids.max cpu/cpu.cfs_quota_us"
                + " 2> /dev/null || cat memory.max pids.max cpu.max");
    assertThat(result.out()).isIn("67108864\n33\n50000\n", "67108864\n33\n50000 100000\n");
  }

  @Test
  void aLifeWithAPlannerThatStays() throws IOException {
    var alone = runtime;
    try (var planner = new PrivatePlanner()) {
      runtime = wrapped("served", planner.environment());
      var result = run("--rm", "--memory", "64m", "bb", "sh", "-c", "id -u; exit 7");
      assertThat(result.status()).as(result.err()).isEqualTo(7);
      live();
      useTerminals();
    } finally {
      podman("rm", "--all", "--force");
      runtime = alone;
    }
  }

  @Test
  void aLifeInTheBackground() {
    live();
  }

  private static void live() {
    var started = run("--detach", "--name", "life", "bb", "sh", "-c", "echo line; sleep 1000");
    assertThat(started.status()).as(started.err()).isZero();
    var exec = podman("exec", "life", "sh", "-c", "ps | grep -c sleep; exit 5");
    assertThat(exec.status()).as(exec.err()).isEqualTo(5);
    assertThat(podman("exec", "life", "nothing").status()).isEqualTo(127);
    assertThat(podman("logs", "life").out()).isEqualTo("line\n");
    assertThat(podman("pause", "life").status()).isZero();
    assertThat(podman("inspect", "--format", "{{.State.Status}}", "life").out())
        .isEqualTo("paused\n");
    assertThat(podman("unpause", "life").status()).isZero();
    assertThat(podman("stats", "--no-stream", "--format", "{{.PIDS}}", "life").out())
        .isEqualTo("1\n");
    assertThat(podman("kill", "life").status()).isZero();
    assertThat(podman("wait", "life").out()).isEqualTo("137\n");
    assertThat(podman("rm", "life").status()).isZero();
  }

  @Test
  void aTerminal() {
    useTerminals();
  }

  private static void useTerminals() {
    var result = run("--rm", "--tty", "bb", "sh", "-c", "tty; [ -c /dev/console ] && echo console");
    assertThat(result.out()).isEqualTo("/dev/pts/0\r\nconsole\r\n");
    var started = run("--detach", "--name", "tty", "bb", "sleep", "1000");
    assertThat(started.status()).as(started.err()).isZero();
    assertThat(podman("exec", "--tty", "tty", "tty").out()).isEqualTo("/dev/pts/0\r\n");
    assertThat(podman("rm", "--force", "--time", "0", "tty").status()).isZero();
  }

  @Test
  void usersOfItsOwn() {
    var result =
        run(
            "--rm",
            "--uidmap",
            "0:100000:65536",
            "--gidmap",
            "0:100000:65536",
            "bb",
            "sh",
            "-c",
            "id -u; cat /proc/self/uid_map; cat /etc/kept");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("0\n").contains("100000").endsWith("kept\n");
  }
}
