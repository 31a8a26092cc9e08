package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Docker's engine with bailey as its runtime, alone and as a swarm of one machine. */
@ParameterizedClass
@ValueSource(strings = {"off", "on"})
class DockerTest {
  private static final String RUNTIME = System.getProperty("bailey.home") + "/bailey-oci";
  private static final String GROUP = "bailey-test-docker-" + ProcessHandle.current().pid();
  private static Path directory = Path.of("/nowhere");
  private static @Nullable Daemon daemon;

  /** Whether there is a planner that stays. */
  @Parameter String serve = "";

  @BeforeParameterizedClassInvocation
  static void start(String serve) throws IOException {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    Program.require("dockerd");
    Program.require("ip");
    Program.require("busybox");
    directory = Files.createTempDirectory("bailey-test-docker");
    var image = EngineImage.make(directory);
    var settings =
        Files.writeString(
            directory.resolve("daemon.json"),
            """
            {"data-root": "%1$s/data", "exec-root": "/run/docker", "hosts": ["%2$s"],
             "pidfile": "%1$s/pid", "deprecated-key-path": "%1$s/key.json", "storage-driver": "vfs",
             "bridge": "none", "iptables": false, "ip6tables": false,
             "cgroup-parent": "/%3$s", "default-runtime": "bailey",
             "runtimes": {"bailey": {"path": "%4$s"}}}
            """
                .formatted(directory, socket(), GROUP, RUNTIME));
    daemon =
        new Daemon(
            directory,
            GROUP,
            serve,
            List.of("dockerd", "--config-file", settings.toString()),
            () -> docker("version").status() == 0);
    var loaded = docker("load", "--input", image.toString());
    assertThat(loaded.status()).as(loaded.err()).isZero();
  }

  private static Daemon daemon() {
    return Objects.requireNonNull(daemon);
  }

  @AfterParameterizedClassInvocation
  static void end() {
    var running = daemon;
    if (running != null) {
      docker("swarm", "leave", "--force");
      for (var id : docker("ps", "--all", "--quiet").out().lines().toList()) {
        docker("rm", "--force", id);
      }
      daemon = null;
      running.close();
    }
    if (Files.exists(directory)) {
      Program.run(Path.of("/"), List.of("rm", "-rf", directory.toString()));
    }
  }

  private static String socket() {
    return "unix://" + directory.resolve("socket");
  }

  private static Program.Result docker(String... words) {
    var all =
        new ArrayList<>(
            List.of("docker", "--host", socket(), "--config", directory.resolve("c").toString()));
    all.addAll(List.of(words));
    return Program.run(directory, all);
  }

  private static Program.Result run(String... words) {
    var all = new ArrayList<>(List.of("run", "--network", "none"));
    all.addAll(List.of(words));
    return docker(all.toArray(new String[0]));
  }

  @Test
  void runsToTheEnd() {
    var result =
        run("--rm", "--hostname", "web", EngineImage.NAME, "sh", "-c", "hostname; id -u; exit 7");
    assertThat(result.status()).as(result.err()).isEqualTo(7);
    assertThat(result.out()).isEqualTo("web\n0\n");
  }

  @Test
  void aLifeInTheBackground() {
    var started =
        run(
            "--detach",
            "--name",
            "life",
            "--memory",
            "64m",
            "--pids-limit",
            "40",
            "--cpus",
            "0.5",
            EngineImage.NAME,
            "sh",
            "-c",
            "echo line; sleep 1000");
    assertThat(started.status()).as(started.err()).isZero();
    assertThat(docker("exec", "life", "sh", "-c", limits()).out()).isEqualTo("67108864\n");
    daemon().await("it has spoken", () -> docker("logs", "life").out().equals("line\n"));
    assertThat(docker("pause", "life").status()).isZero();
    assertThat(docker("inspect", "--format", "{{.State.Status}}", "life").out())
        .isEqualTo("paused\n");
    assertThat(docker("unpause", "life").status()).isZero();
    assertThat(docker("stats", "--no-stream", "--format", "{{.PIDs}}", "life").out())
        .isEqualTo("1\n");
    assertThat(docker("update", "--memory", "32m", "--memory-swap", "32m", "life").status())
        .isZero();
    assertThat(docker("exec", "life", "sh", "-c", limits()).out()).isEqualTo("33554432\n");
    assertThat(docker("kill", "life").status()).isZero();
    assertThat(docker("wait", "life").out()).isEqualTo("137\n");
    assertThat(docker("rm", "life").status()).isZero();
  }

  private static String limits() {
    return "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes 2> /dev/null || cat memory.max";
  }

  /** A service of several tasks; one that is killed is replaced. */
  @Test
  void aSwarm() {
    var swarm =
        docker("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377");
    assertThat(swarm.status()).as(swarm.err()).isZero();
    var service =
        docker(
            "service",
            "create",
            "--detach",
            "--name",
            "web",
            "--replicas",
            "2",
            "--restart-delay",
            "0s",
            "--network",
            "host",
            "--limit-memory",
            "64M",
            EngineImage.NAME,
            "sleep",
            "1000");
    assertThat(service.status()).as(service.err()).isZero();
    daemon().await("two run", () -> tasks().size() == 2);
    assertThat(docker("service", "scale", "--detach", "web=4").status()).isZero();
    daemon().await("four run", () -> tasks().size() == 4);
    var killed = tasks().getFirst();
    assertThat(docker("kill", killed).status()).isZero();
    daemon().await("another runs", () -> tasks().size() == 4 && !tasks().contains(killed));
    assertThat(docker("service", "rm", "web").status()).isZero();
    daemon().await("none runs", () -> tasks().isEmpty());
  }

  private static List<String> tasks() {
    return docker("ps", "--quiet", "--filter", "label=com.docker.swarm.service.name=web")
        .out()
        .lines()
        .toList();
  }
}
