package bailey.kernel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.ServedMount;
import bailey.core.container.ContainerPath;
import bailey.core.spec.ContainerSpec;
import bailey.kernel.engine.FaultyServer.Point;
import bailey.linux.fuse.LinuxFileServing;
import bailey.testkit.KernelAbility;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The server dies (SIGKILL) at each thing that the kernel asks of it, before, in the middle and
 * after: whoever asked has the answer from the next server, and nothing is done twice.
 */
class ContainerFsDeathTest {
  private static final int MOST_SECONDS = Integer.getInteger("bailey.patience", 300);
  private static final int INIT = 26;

  /** As many as the holder starts servers, less the first. */
  private static final int MOST_DEATHS = 15;

  @RegisterExtension final Engine engine = new Engine();

  /** What asks the kernel for an opcode, what it says, and the value of pids.max afterwards. */
  private record Asking(int opcode, String name, String script, String says, String before) {}

  private static final List<Asking> ALL =
      List.of(
          new Asking(1, "LOOKUP", "[ ! -e web/missing ] && echo none", "none", "33"),
          new Asking(
              3,
              "GETATTR",
              "cd web; mkdir x; stat . | grep -o directory; rmdir x",
              "directory",
              "33"),
          new Asking(4, "SETATTR", "truncate -s 0 web/pids.max && echo ok", "ok", "33"),
          new Asking(9, "MKDIR", "mkdir web/in && echo made; rmdir web/in", "made", "33"),
          new Asking(11, "RMDIR", "mkdir web/in; rmdir web/in && echo gone", "gone", "33"),
          new Asking(
              45, "RENAME2", "mv web/pids.max web/y 2>&1 | grep -o permitted", "permitted", "33"),
          new Asking(14, "OPEN", "cat web/pids.max", "33", "33"),
          new Asking(15, "READ", "cat web/pids.max", "33", "33"),
          new Asking(16, "WRITE", "echo 44 > web/pids.max && echo ok", "ok", "44"),
          new Asking(17, "STATFS", "stat -f -c %l web", "100", "33"),
          new Asking(18, "RELEASE", "cat web/pids.max", "33", "33"),
          new Asking(
              25,
              "FLUSH",
              "python3 -c 'import os; f = os.open(\"web/pids.max\", os.O_WRONLY);"
                  + " os.write(f, b\"55\\n\"); print(os.close(f))'",
              "None",
              "33"),
          new Asking(27, "OPENDIR", "ls web | grep -x pids.max", "pids.max", "33"),
          new Asking(29, "RELEASEDIR", "ls web | grep -x pids.max", "pids.max", "33"),
          new Asking(44, "READDIRPLUS", "ls web | grep -x pids.max", "pids.max", "33"),
          new Asking(
              40,
              "POLL",
              "python3 -c 'import select; f = open(\"web/pids.max\"); p = select.poll();"
                  + " p.register(f, select.POLLPRI); print(len(p.poll(0)))'",
              "0",
              "33"));

  @BeforeEach
  void needed() throws IOException {
    KernelAbility.require(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    Files.createDirectory(top());
  }

  @AfterEach
  void unmount() {
    var _ = new LinuxFileServing().unmount(top().toString(), true);
    while (engine.system().served().stream().anyMatch(ServedMount::held)) {
      LockSupport.parkNanos(1_000_000); // its holder ends
    }
  }

  private Path top() {
    return engine.folder().resolve("files");
  }

  private Path fault() {
    return engine.folder().resolve("fault");
  }

  private void mount() {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var program =
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            FaultyServer.class.getName(),
            top().toString(),
            engine.state(),
            fault().toString(),
            "9");
    engine.system().serve("bailey", top().toString(), program, List.of("PATH=/usr/bin:/bin"));
  }

  /** Absolute, since the holder's directory is another. */
  private static String classPath() {
    var parts = new ArrayList<String>();
    for (var part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      parts.add(new File(part).getAbsolutePath());
    }
    return String.join(File.pathSeparator, parts);
  }

  private String sh(String script) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("bash", "-c", script)
            .directory(top().resolve("default").toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).as(script).isTrue();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** The holder starts a server sixteen times, so each mount sees half of the deaths. */
  @ParameterizedTest
  @CsvSource({"READ,0", "READ,1", "DONE,0", "DONE,1", "ANSWERED,0", "ANSWERED,1"})
  @Timeout(900)
  void whoAskedHasItsAnswerAndNothingIsDoneTwice(Point point, int half)
      throws IOException, InterruptedException {
    int middle = ALL.size() / 2;
    var asked = half == 0 ? ALL.subList(0, middle) : ALL.subList(middle, ALL.size());
    assertThat(asked.size()).as("deaths").isLessThan(MOST_DEATHS);
    if (point == Point.READ && half == 0) {
      FaultyServer.order(fault(), INIT, point, "none", "0");
    }
    mount();
    assertThat(sh("mkdir web && echo made")).isEqualTo("made");
    assertThat(fault()).doesNotExist();
    for (var asking : asked) {
      die(asking, point);
    }
    assertThat(sh("rmdir web && echo gone")).isEqualTo("gone");
  }

  /** The server dies while it has the kernel tell those who watch of what others did. */
  @ParameterizedTest
  @EnumSource(Point.class)
  @Timeout(900)
  void whoWatchesIsToldByTheNextServer(Point point) throws IOException, InterruptedException {
    mount();
    assertThat(sh("mkdir web && echo made")).isEqualTo("made");
    var web = engine.system().container("web");
    try (var watcher = FileWatcher.of(top().resolve("default"), "web")) {
      FaultyServer.order(fault(), 4, point, "web", "33");
      web.set("pids.max", "44");
      await(watcher, "web MODIFY pids.max");
      await(watcher, "web MODIFY pids.max"); // the next server tells of all there is
      FaultyServer.order(fault(), 9, point, "web", "33");
      var spec = ContainerSpec.builder().name("web/in").removed(false).detached(true).build();
      var in = engine.system().create(spec);
      await(watcher, "web CREATE in");
      await(watcher, "web MODIFY pids.max");
      assertThat(engine.system().names(ContainerPath.parse("container", "web"))).hasSize(1);
      FaultyServer.order(fault(), 11, point, "web", "33");
      in.remove(false);
      await(watcher, "web DELETE in");
    }
    assertThat(engine.system().names(ContainerPath.ROOT)).hasSize(1);
    assertThat(sh("rmdir web && echo gone")).isEqualTo("gone");
  }

  private void await(FileWatcher watcher, String event) throws IOException {
    var said = new ArrayList<String>();
    while (said.isEmpty() || !said.getLast().equals(event)) {
      said.add(watcher.next());
      assertThat(said.getLast()).as("%s", said).isNotEqualTo("null");
    }
    while (Files.exists(fault())) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void die(Asking asking, Point point) throws IOException, InterruptedException {
    var what = asking.name() + " " + point;
    var web = engine.system().container("web");
    web.set("pids.max", "33");
    FaultyServer.order(fault(), asking.opcode(), point, "web", "33");
    assertThat(sh(asking.script())).as(what).isEqualTo(asking.says());
    while (Files.exists(fault())) {
      LockSupport.parkNanos(1_000_000); // who lets go of a file does not wait for an answer
    }
    assertThat(sh("cat web/container.state")).as("the next server after " + what).isNotEmpty();
    boolean twice = point != Point.READ && !asking.before().equals("33");
    assertThat(web.get("pids.max"))
        .as("what was set meanwhile stays, " + what)
        .isEqualTo(twice ? "33" : asking.before());
    assertThat(engine.system().names(ContainerPath.ROOT)).hasSize(1);
    assertThat(web.children()).as(what).isEmpty();
  }
}
