package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.core.error.StepFailed;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.Rlimit;
import bailey.core.state.ContainerState;
import bailey.testkit.KernelAbility;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {
  @RegisterExtension final Engine engine = new Engine();

  @Test
  void itsOutputErrorsAndStatusAreTold() throws Exception {
    var process = engine.sh(spec(), "echo out; echo err >&2; exit 7");
    assertThat(output(process)).isEqualTo("out\n");
    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("err\n");
    assertThat(process.waitFor()).isEqualTo(7);
    assertThat(process.exitReport().join().exitCode()).hasValue(7);
  }

  @Test
  void itReadsWhatIsWritten() throws Exception {
    var process = engine.start(spec(), "/bin/cat");
    try (var in = process.getOutputStream()) {
      in.write("through the wall".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(output(process)).isEqualTo("through the wall");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void whatIsLeftUnreadCanBeReadAfterTheEnd() throws Exception {
    var process = engine.sh(spec(), "echo late");
    process.onExit().join();
    assertThat(process.waitFor(1, TimeUnit.NANOSECONDS)).isTrue();
    assertThat(output(process)).isEqualTo("late\n");
  }

  @Test
  void itIsAProcessOfJava() throws Exception {
    var process = engine.start(spec(), "/bin/sleep", "1000");
    assertThat(process.isAlive()).isTrue();
    assertThatThrownBy(process::exitValue).isInstanceOf(IllegalThreadStateException.class);
    assertThat(process.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(process.toHandle().isAlive()).isTrue();
    assertThat(process.toHandle().pid()).isEqualTo(process.pid());
    assertThat(process.info().command()).contains("/bin/sleep");
    assertThat(process.info().arguments().orElseThrow()).containsExactly("1000");
    assertThat(process.info().startInstant()).isPresent();
    assertThat(process.supportsNormalTermination()).isTrue();
    var exit = process.onExit();
    assertThat(exit).isNotDone();
    process.destroy();
    assertThat(exit.join()).isSameAs(process);
    assertThat(process.exitValue()).isEqualTo(128 + 15);
    assertThat(process.exitReport().join().signal()).hasValue(15);
    assertThat(process.toHandle().isAlive()).isFalse();
  }

  /** HotSpot raises the soft limit of its own process to the hard one. */
  @Test
  void itDoesNotGetTheLimitOfOpenFilesThatTheJvmGaveItself() throws Exception {
    var own =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(line -> line.startsWith("Max open files"))
            .map(line -> line.split(" +"))
            .findFirst()
            .orElseThrow();
    long soft = Long.parseLong(own[3]);
    long hard = Long.parseLong(own[4]);
    assertThat(soft).as("raised by HotSpot").isEqualTo(hard);
    var look = new String[] {"/bin/sh", "-c", "ulimit -Sn; ulimit -Hn"};
    assertThat(output(engine.start(spec(), look)))
        .isEqualTo(Math.min(hard, 1024) + "\n" + hard + "\n");
    var asked = spec().rlimit(Rlimit.parse("nofile=" + Math.min(hard, 2048) + ":" + hard));
    assertThat(output(engine.start(asked, look)))
        .isEqualTo(Math.min(hard, 2048) + "\n" + hard + "\n");
  }

  @Test
  void whenItHasEndedItIsGone() throws Exception {
    var process = engine.sh(spec().name("short"), "exit 0");
    process.waitFor();
    assertThat(process.container().state()).isEqualTo(ContainerState.GONE);
    assertThat(engine.system().containers()).isEmpty();
    assertThat(engine.system().report("short").exitCode()).hasValue(0);
    assertThatThrownBy(() -> engine.system().container("shorn"))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessage("shorn: no such container; bailey ls shows those there are");
  }

  @Test
  void whatIsKeptStaysUntilItIsRemoved() throws Exception {
    var process = engine.sh(spec().name("kept").removed(false), "exit 4");
    process.waitFor();
    var container = engine.system().container("kept");
    assertThat(container.state()).isEqualTo(ContainerState.ENDED);
    assertThat(container.await().exitCode()).hasValue(4);
    assertThat(container.command()).containsExactly("/bin/sh", "-c", "exit 4");
    assertThat(container.pid()).isEmpty();
    assertThatThrownBy(() -> engine.sh(spec().name("kept"), "exit 0"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessageStartingWith("cannot start kept: the name is in use; ");
    container.remove(false);
    assertThat(container.state()).isEqualTo(ContainerState.GONE);
    assertThat(engine.system().report("kept").exitCode()).hasValue(4);
  }

  @Test
  void aNameInUseIsRefused() throws Exception {
    var process = engine.start(spec().name("one"), "/bin/sleep", "1000");
    assertThatThrownBy(() -> engine.start(spec().name("one"), "/bin/true"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot start one: the name is in use; choose another, or end and remove that one by"
                + " bailey rm --force one");
    assertThat(engine.system().container("one").state()).isEqualTo(ContainerState.RUNNING);
    process.destroyForcibly();
    assertThat(process.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aCommandThatIsNotThereFailsWithItsName() {
    assertThatThrownBy(() -> engine.start(spec().name("x"), "no-such-program"))
        .isInstanceOfSatisfying(
            StepFailed.class,
            e -> {
              assertThat(e.execution()).isTrue();
              assertThat(e.errno()).isEqualTo(2);
            })
        .hasMessageMatching(
            "cannot start x: executing no-such-program \\(step [0-9]+ of [0-9]+\\) failed: ENOENT"
                + " \\(no such file or directory\\)\\. It is not in the container, .*");
    assertThatThrownBy(() -> engine.start(spec(), "/etc/passwd"))
        .isInstanceOfSatisfying(StepFailed.class, e -> assertThat(e.errno()).isEqualTo(13));
    assertThat(engine.system().containers()).isEmpty();
  }

  @Test
  void noCommandIsRefused() {
    assertThatThrownBy(() -> engine.start(spec())).isInstanceOf(BadRequest.class);
    assertThatThrownBy(() -> engine.start(spec(), "a\0b"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("has a NUL in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a b",
        "-dash",
        "...",
        "\u0001\u0009\u007f",
        "!\"#$%&'()*+,.:;<=>?@[\\]^`{|}~",
        "f\u00fcnf\u2028\ud83c\udff0",
        "b-ZsO8bmY",
        "c-c-"
      })
  void everyLegalByteInAName(String name) throws Exception {
    var process = engine.sh(spec().name(name).removed(false).memory("64M"), "read x");
    var container = engine.system().container(name);
    assertThat(container.name()).isEqualTo(name);
    assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(container.get("memory.max")).isEqualTo("67108864");
    assertThat(container.tasks()).isNotEmpty();
    process.getOutputStream().close();
    process.waitFor();
    assertThat(container.state()).isEqualTo(ContainerState.ENDED);
    assertThat(engine.system().report(name).name()).isEqualTo(name);
    container.remove(false);
  }

  @Test
  void tenThousandArgumentsAndAnEmptyEnvironment() throws Exception {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", "echo $#; env"));
    for (int i = 0; i < 10_000; i++) {
      command.add("argument " + i);
    }
    var bare = ContainerSpec.builder().name("many").removed(true).build();
    var process = engine.system().start(bare, command);
    assertThat(output(process)).startsWith("9999\n");
    assertThat(process.waitFor()).isZero();
    var report = engine.system().report("many");
    assertThat(report.command()).startsWith("/bin/sh", "-c").hasSizeLessThan(10_000);
  }

  @Test
  void containersInContainers() throws Exception {
    assertThatThrownBy(() -> engine.start(spec().name("a/b"), "/bin/true"))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessage("cannot start a/b: there is no container a for it to be in; create that first");
    var outer = engine.system().create(spec().name("a").build());
    var inner = engine.start(spec().name("a/b"), "/bin/sleep", "1000");
    assertThat(outer.children()).hasSize(1);
    assertThatThrownBy(() -> outer.remove(true))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot remove a: the container a/b is in it; remove that first");
    outer.kill();
    assertThat(inner.waitFor()).isEqualTo(128 + 9);
    outer.remove(false);
    assertThat(engine.system().containers()).isEmpty();
  }

  @Test
  void aTreeOneHundredDeep() throws Exception {
    var name = new StringBuilder("d");
    for (int i = 1; i < 100; i++) {
      engine.system().create(spec().name(name.toString()).build());
      name.append("/d");
    }
    var process = engine.sh(spec().name(name.toString()), "echo deep");
    assertThat(output(process)).isEqualTo("deep\n");
    assertThat(process.waitFor()).isZero();
    assertThat(engine.system().containers()).hasSize(99);
  }

  @Test
  void anOutsiderOfTheStateDirectoryIsNoContainer() throws Exception {
    Files.createDirectory(engine.folder().resolve("state/containers/other"));
    Files.createFile(engine.folder().resolve("state/containers/c-file"));
    assertThat(engine.system().containers()).isEmpty();
  }

  /**
   * The classic way out of chroot(2), by who has CAP_SYS_CHROOT, as root inside has: what the root
   * is mounted on is empty, and covered by it.
   */
  @Test
  void whoLeavesHisRootDirectoryIsWhereHeWas() throws Exception {
    KernelAbility.require(Files.isExecutable(Path.of("/usr/bin/python3")), "python3");
    var process =
        engine.start(
            spec(),
            "/usr/bin/python3",
            "-c",
            """
            import os
            before = os.stat('/')
            top = os.open('/', os.O_RDONLY)
            os.mkdir('/tmp/cell')
            os.chroot('/tmp/cell')
            os.fchdir(top)
            for _ in range(20): os.chdir('..')
            os.chroot('.')
            after = os.stat('/')
            print((before.st_dev, before.st_ino) == (after.st_dev, after.st_ino))
            with open('/proc/self/mountinfo') as mounts:
                print(sum(line.split()[4] == '/' for line in mounts), os.path.exists('/lower'))
            """);
    assertThat(output(process)).isEqualTo("True\n1 False\n");
  }
}
