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

/** containerd's shim for runc with bailey as its binary, by containerd's own client ctr. */
@ParameterizedClass
@ValueSource(strings = {"off", "on"})
class ContainerdTest {
  private static final String RUNTIME = System.getProperty("bailey.home") + "/bailey-oci";
  private static final String GROUP = "bailey-test-ctr-" + ProcessHandle.current().pid();
  private static Path directory = Path.of("/nowhere");
  private static @Nullable Daemon daemon;

  /** Whether there is a planner that stays. */
  @Parameter String serve = "";

  @BeforeParameterizedClassInvocation
  static void start(String serve) throws IOException {
    KernelAbility.require(KernelProbe.features().machineRoot(), "root of the machine");
    Program.require("containerd");
    Program.require("busybox");
    directory = Files.createTempDirectory("bailey-test-containerd");
    var image = EngineImage.make(directory);
    var settings =
        Files.writeString(
            directory.resolve("config.toml"),
            """
            version = 2
            root = "%1$s/data"
            state = "%1$s/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
              address = "%1$s/socket"
            """
                .formatted(directory));
    daemon =
        new Daemon(
            directory,
            GROUP,
            serve,
            List.of("containerd", "--config", settings.toString()),
            () -> ctr("version").status() == 0);
    var imported = ctr("image", "import", "--snapshotter", "native", image.toString());
    assertThat(imported.status()).as(imported.err()).isZero();
  }

  private static Daemon daemon() {
    return Objects.requireNonNull(daemon);
  }

  @AfterParameterizedClassInvocation
  static void end() {
    var running = daemon;
    if (running != null) {
      ctr("task", "rm", "--force", "life"); // its shim too
      daemon = null;
      running.close();
    }
    if (Files.exists(directory)) {
      Program.run(Path.of("/"), List.of("rm", "-rf", directory.toString()));
    }
  }

  private static Program.Result ctr(String... words) {
    var all = new ArrayList<>(List.of("ctr", "--address", directory.resolve("socket").toString()));
    all.addAll(List.of(words));
    return Program.run(directory, all);
  }

  private static Program.Result run(String id, String option, String... command) {
    var all =
        new ArrayList<>(
            List.of(
                "run",
                option,
                "--snapshotter",
                "native",
                "--fifo-dir",
                directory.resolve("fifo").toString(),
                "--runc-binary",
                RUNTIME,
                "--cgroup",
                "/" + GROUP + "/" + id,
                "--memory-limit",
                "67108864",
                EngineImage.NAME,
                id));
    all.addAll(List.of(command));
    return ctr(all.toArray(new String[0]));
  }

  @Test
  void runsToTheEnd() {
    var result = run("short", "--rm", "sh", "-c", "id -u; grep -c . /proc/self/cgroup; exit 7");
    assertThat(result.status()).as(result.err()).isEqualTo(7);
    assertThat(result.out()).startsWith("0\n");
  }

  @Test
  void aLifeInTheBackground() {
    var started = run("life", "--detach", "sleep", "1000");
    assertThat(started.status()).as(started.err()).isZero();
    var exec =
        ctr(
            "task",
            "exec",
            "--fifo-dir",
            directory.resolve("fifo").toString(),
            "--exec-id",
            "look",
            "life",
            "sh",
            "-c",
            "ps | grep sleep");
    assertThat(exec.out()).contains("sleep 1000");
    assertThat(ctr("task", "pause", "life").status()).isZero();
    assertThat(ctr("task", "ls").out()).contains("PAUSED");
    assertThat(ctr("task", "resume", "life").status()).isZero();
    var metrics = ctr("task", "metrics", "life");
    assertThat(metrics.out()).as(metrics.err()).containsPattern("memory.*67108864");
    assertThat(ctr("task", "kill", "--signal", "KILL", "life").status()).isZero();
    daemon().await("it is killed", () -> ctr("task", "ls").out().contains("STOPPED"));
    // with the status that the shim has reaped
    assertThat(ctr("task", "rm", "life").err()).contains("137");
    assertThat(ctr("container", "rm", "life").status()).isZero();
  }
}
