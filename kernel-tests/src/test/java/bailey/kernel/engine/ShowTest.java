package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.Container;
import bailey.SubsystemUse;
import bailey.SubsystemUse.Way;
import bailey.core.isolation.Tie;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.MountRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What containers share, and what ties them to processes outside. */
class ShowTest {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  @RegisterExtension final Engine engine = new Engine();

  private static SubsystemUse use(Container container, String subsystem) {
    return container.subsystems().stream()
        .filter(use -> use.subsystem().equals(subsystem))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> ties(Container container) {
    return container.ties().stream()
        .filter(tie -> tie.kind() != Tie.Kind.UNSEEN) // a machine may have a process 1 that hides
        .map(Tie::what)
        .toList();
  }

  private static String namespace(String kind) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString();
  }

  /** Standard streams that are pipes to this JVM are ties; these shells give them up. */
  private static final String ALONE = "echo up; exec < /dev/null > /dev/null 2>&1; sleep 1000";

  /** The JVM keeps a socket of its own from when it closes the first one. */
  @BeforeAll
  static void firstSocket() throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
  }

  @Test
  void ownSharedJoined() throws Exception {
    var one = engine.sh(spec().name("one"), ALONE);
    assertThat(line(one)).isEqualTo("up");
    var two =
        engine.sh(
            spec()
                .name("two")
                .namespace(
                    NamespaceKind.NET,
                    new NamespaceRequest.Joined("/proc/" + one.pid() + "/ns/net"))
                .namespace(NamespaceKind.IPC, NamespaceRequest.SHARED),
            ALONE);
    assertThat(line(two)).isEqualTo("up");
    var first = engine.system().container("one");
    var second = engine.system().container("two");
    assertThat(use(first, "net").way()).isEqualTo(Way.OWN);
    assertThat(use(first, "net").with()).containsExactly("two");
    assertThat(use(second, "net").way()).isEqualTo(Way.JOINED);
    assertThat(use(second, "net").with()).containsExactly("one");
    assertThat(use(second, "net").place()).isEqualTo(use(first, "net").place());
    assertThat(use(second, "ipc"))
        .isEqualTo(
            new SubsystemUse("ipc", Way.SHARED, List.of(SubsystemUse.MACHINE), namespace("ipc")));
    assertThat(use(second, "pid").way()).isEqualTo(Way.OWN);
    settle(second, "sleep");
    assertThat(ties(second))
        .hasSize(2)
        .anyMatch(tie -> tie.startsWith("is in the net namespace of " + one.pid()))
        .contains("is in the ipc namespace of the machine");
    second.kill();
    two.waitFor();
    settle(first, "sleep");
    assertThat(ties(first)).isEmpty();
  }

  /** Until what has given up its streams is all there is. */
  private static void settle(Container container, String command) {
    while (container.tasks().stream().noneMatch(task -> task.command().equals(command))) {
      Thread.onSpinWait();
    }
  }

  private Container python(ContainerSpec.Builder spec, String program) throws Exception {
    KernelAbility.require(Files.isExecutable(PYTHON), "python3");
    var text =
        "import socket,os,mmap,time,sys\n"
            + program
            + "\nsys.stdout.write('up\\n'); sys.stdout.flush()\n"
            + "n = os.open('/dev/null', os.O_RDWR)\nfor i in range(3): os.dup2(n, i)\n"
            + "open('/dev/shm/settled', 'w')\ntime.sleep(1000)";
    var process = engine.system().start(spec.build(), List.of(PYTHON.toString(), "-c", text));
    assertThat(line(process)).isEqualTo("up");
    var settled = Path.of("/proc/" + process.pid() + "/root/dev/shm/settled");
    while (!Files.exists(settled)) {
      Thread.onSpinWait();
    }
    return process.container();
  }

  @Test
  void whatIsInsideAloneIsNoTie() throws Exception {
    var container =
        python(
            spec(),
            """
            a, b = socket.socketpair()
            if os.fork() == 0:
              os.closerange(0, 3); b.send(b'1'); time.sleep(1000)
            a.recv(1)
            l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen()
            c = socket.create_connection(l.getsockname()); d = l.accept()
            u = socket.socket(socket.AF_UNIX); u.bind('/tmp/u'); u.listen()
            v = socket.socket(socket.AF_UNIX); v.connect('/tmp/u'); w = u.accept()
            m = mmap.mmap(-1, 4096); f = os.memfd_create('f'); e = os.eventfd(0); p = os.pipe()
            t = os.openpty(); q = os.pidfd_open(os.getpid())
            """);
    assertThat(ties(container)).isEmpty();
  }

  @Test
  void whatOthersHoldIsATie() throws Exception {
    var container =
        python(
            spec(),
            """
            k = os.dup(1)
            """);
    assertThat(ties(container))
        .singleElement()
        .asString()
        .matches(
            "descriptor \\d+ is pipe:\\[\\d+], also held by "
                + ProcessHandle.current().pid()
                + " \\(.*\\)");
  }

  /** The other end of a socket is outside, and so is the name of a socket that came from there. */
  @Test
  void socketsToOutside(@TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    var address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address);
      var container =
          python(
              spec().mount(new MountRequest.Bind(folder.toString(), "/mnt", false)),
              "s = socket.socket(socket.AF_UNIX); s.connect('/mnt/s')");
      try (var accepted = listener.accept()) {
        assertThat(accepted.isOpen()).isTrue();
        assertThat(ties(container))
            .singleElement()
            .asString()
            .matches(
                "descriptor \\d+ is socket:\\[\\d+], whose other end is held by "
                    + ProcessHandle.current().pid()
                    + " \\(.*\\)");
      }
    }
  }
}
