package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.EnterSpec;
import bailey.core.error.BadRequest;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.UserMapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the machine enter containers; what is inside gets nothing of the machine by that. */
class EnterTest {
  /** Fewer where each takes long, as in an emulated machine. */
  private static final int TIMES = Integer.getInteger("bailey.enters", 1000);

  private static final List<String> TRUE = List.of("/bin/true");

  @RegisterExtension final Engine engine = new Engine();

  private static void end(ContainerProcess process) throws Exception {
    process.getOutputStream().close();
    process.waitFor();
  }

  private static List<String> sh(String script) {
    return List.of("/bin/sh", "-c", script);
  }

  @Test
  void onlyWhatIsChosenIsEntered() throws Exception {
    var first = engine.start(spec().name("web").hostname("castle"), "/bin/cat");
    var web = first.container();
    var script = "hostname; for n in uts net pid mnt ipc; do readlink /proc/self/ns/$n; done; pwd";
    var entered = web.enter(EnterSpec.of(NamespaceKind.UTS, NamespaceKind.NET), sh(script));
    var lines = output(entered).lines().toList();
    assertThat(entered.waitFor()).isZero();
    assertThat(lines.getFirst()).isEqualTo("castle");
    var inside = web.pid().orElseThrow();
    assertThat(lines.get(1)).isEqualTo(link(inside, "uts"));
    assertThat(lines.get(2)).isEqualTo(link(inside, "net"));
    long self = ProcessHandle.current().pid();
    assertThat(lines.get(3)).isEqualTo(link(self, "pid"));
    assertThat(lines.get(4)).isEqualTo(link(self, "mnt"));
    assertThat(lines.get(5)).isEqualTo(link(self, "ipc"));
    assertThat(lines.get(6)).isEqualTo(Path.of("").toAbsolutePath().toString());
    end(first);
  }

  private static String link(long pid, String kind) throws Exception {
    return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + kind)).toString();
  }

  @Test
  void allIsBehindTheWallsOfTheContainer() throws Exception {
    var first = engine.start(spec().name("web").hostname("castle"), "/bin/cat");
    var script = "hostname; grep -h Seccomp: /proc/self/status; grep CapBnd /proc/1/status";
    var entered = first.container().enter(EnterSpec.ALL, sh(script));
    assertThat(output(entered)).startsWith("castle\nSeccomp:\t2\nCapBnd:\t00000000");
    assertThat(entered.waitFor()).isZero();
    assertThat(first.container().tasks()).hasSize(2);
    end(first);
  }

  @Test
  void aNewPidNamespaceTakesTheCommand() throws Exception {
    var first = engine.start(spec().name("web"), "/bin/cat");
    var entered = first.container().enter(EnterSpec.of(NamespaceKind.PID), sh("echo $$; exit 7"));
    assertThat(Long.parseLong(output(entered).strip())).isBetween(2L, 100L);
    assertThat(entered.waitFor()).isEqualTo(7);
    end(first);
  }

  @Test
  void whatMayNotBeEnteredIsRefused() throws Exception {
    var first = engine.start(spec().name("web").userMapping(UserMapping.AUTO), "/bin/cat");
    var web = first.container();
    refused(
        web,
        "cannot enter the time namespace of web: it has none of its own; it has",
        NamespaceKind.TIME);
    refused(
        web,
        "cannot enter the mnt namespace of web without the others that it has of its own (pid,",
        NamespaceKind.MNT);
    refused(
        web,
        "cannot enter the user and the pid namespace of web without its mnt namespace: its root"
            + " could trace the command",
        NamespaceKind.USER,
        NamespaceKind.PID);
    web.freeze();
    assertThatThrownBy(() -> web.enter(EnterSpec.of(NamespaceKind.NET), TRUE))
        .hasMessageContaining("it is frozen");
    web.thaw();
    end(first);
    assertThatThrownBy(() -> web.enter(EnterSpec.ALL, TRUE))
        .hasMessageContaining("no such container");
  }

  @Test
  void whoSeesAllProcessesMayNotTraceThoseOfItsUsers() throws Exception {
    var first =
        engine.start(
            spec()
                .name("web")
                .userMapping(UserMapping.AUTO)
                .namespace(NamespaceKind.PID, NamespaceRequest.SHARED),
            "/bin/cat");
    refused(
        first.container(),
        "cannot enter the user namespace of web without its mnt namespace: its root could trace",
        NamespaceKind.USER);
    end(first);
  }

  /** The files of whoever is in it would be its root's, so it is none of the machine's users. */
  @Test
  void whoEntersAUserNamespaceIsItsRoot() throws Exception {
    var first = engine.start(spec().name("web").userMapping(UserMapping.AUTO), "/bin/cat");
    var script = "id -u; id -g; id -G; stat -c %u /proc/self/; stat -c %u /; read end";
    var entered = first.container().enter(EnterSpec.of(NamespaceKind.USER), sh(script));
    var reader = entered.inputReader();
    for (var what : List.of("user", "group", "groups", "owner")) {
      assertThat(reader.readLine()).as(what).isEqualTo("0");
    }
    assertThat(reader.readLine()).as("owner of the machine's root").isEqualTo("65534");
    var status = Files.readString(Path.of("/proc/" + entered.pid() + "/status"));
    assertThat(status).doesNotContainPattern("(?m)^[UG]id:.*\\b0\\b");
    end(entered);
    end(first);
  }

  @Test
  void namespacesWithoutATaskAreEntered() throws Exception {
    var created =
        engine
            .system()
            .create(
                spec()
                    .name("blue")
                    .namespace(NamespaceKind.UTS, NamespaceRequest.NEW)
                    .namespace(NamespaceKind.NET, NamespaceRequest.NEW)
                    .build());
    var entered = created.enter(EnterSpec.ALL, sh("hostname; grep -c : /proc/net/dev"));
    assertThat(output(entered)).isEqualTo("blue\n1\n");
    assertThat(entered.waitFor()).isZero();
    refused(created, "cannot enter the ipc namespace of blue: it has none", NamespaceKind.IPC);
    created.remove(false);
  }

  private static void refused(Container container, String message, NamespaceKind... kinds) {
    assertThatThrownBy(() -> container.enter(EnterSpec.of(kinds), TRUE))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith(message);
  }

  // ---- what is inside and lies in wait ----

  private static final Pattern RESULT = Pattern.compile("seen ([0-9]+) leaks ([0-9]+) ?(.*)");

  private interface Entering {
    ContainerProcess enter(Container container);
  }

  private void nothingLeaks(Path folder, UserMapping users, Entering entering) throws Exception {
    nothingLeaks(folder, spec().userMapping(users), entering, "looker");
  }

  private void nothingLeaks(
      Path folder, ContainerSpec.Builder walls, Entering entering, String role) throws Exception {
    var spy = folder.resolve("spy");
    var source =
        Path.of(
            System.getProperty("bailey.home"),
            "kernel-tests/src/test/java/bailey/kernel/engine/spy.c");
    var gcc =
        new ProcessBuilder(
                "gcc",
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-static",
                "-o",
                spy.toString(),
                source.toString())
            .inheritIO()
            .start();
    assertThat(gcc.waitFor()).isZero();
    var process =
        engine.start(
            walls
                .name("trap")
                .seccomp(false)
                .mount(new MountRequest.Bind(folder.toString(), "/spy", true)),
            "/spy/spy",
            role);
    assertThat(line(process)).isEqualTo("ready");
    for (int i = 0; i < TIMES; i++) {
      var entered = entering.enter(process.container());
      assertThat(entered.waitFor()).isZero();
    }
    process.getOutputStream().close();
    var result = line(process);
    var matcher = RESULT.matcher(result);
    assertThat(matcher.matches()).as(result).isTrue();
    assertThat(Long.parseLong(matcher.group(1))).as("seen").isGreaterThan(TIMES / 10);
    assertThat(matcher.group(2)).as("leaks, the first: %s", matcher.group(3)).isEqualTo("0");
    process.waitFor();
  }

  private static final EnterSpec VISIBLE =
      EnterSpec.of(NamespaceKind.PID, NamespaceKind.UTS, NamespaceKind.NET, NamespaceKind.IPC);

  @Test
  void whoEntersIsSafeFromRootInside(@TempDir Path folder) throws Exception {
    nothingLeaks(folder, UserMapping.HOST, container -> container.enter(VISIBLE, TRUE));
  }

  @Test
  void alsoFromRootOfAUserNamespace(@TempDir Path folder) throws Exception {
    open(folder);
    nothingLeaks(folder, UserMapping.AUTO, container -> container.enter(VISIBLE, TRUE));
  }

  @Test
  void whoExecutesIsSafeFromRootInside(@TempDir Path folder) throws Exception {
    nothingLeaks(folder, UserMapping.HOST, container -> container.exec("/bin/true"));
  }

  @Test
  void alsoFromRootOfAUserNamespaceWhenExecuting(@TempDir Path folder) throws Exception {
    open(folder);
    nothingLeaks(folder, UserMapping.AUTO, container -> container.exec("/bin/true"));
  }

  /** Nobody is kept out of what a tracer sees, so there must be nothing to get. */
  @Test
  void whoExecutesHasNoMoreRightsThanATracer(@TempDir Path folder) throws Exception {
    var traces = CapabilitySet.CONTAINER_DEFAULT.with(CapabilitySet.of(Capability.SYS_PTRACE));
    nothingLeaks(
        folder, spec().capabilities(traces), container -> container.exec("/bin/true"), "tracer");
  }

  /** Root inside is nobody outside. */
  private static void open(Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
