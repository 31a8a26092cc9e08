package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.ContainerProcess;
import bailey.ExecSpec;
import bailey.NamespaceUse;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerBusy;
import bailey.core.error.StepFailed;
import bailey.core.spec.Capability;
import bailey.core.spec.CapabilitySet;
import bailey.core.spec.ContainerSpec;
import bailey.core.spec.IdentityRequest;
import bailey.core.spec.NamespaceKind;
import bailey.core.spec.NamespaceRequest;
import bailey.core.spec.UserMapping;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExecTest {
  /** What tells the walls of a process: namespaces, groups, rights, filter. */
  private static final String WALLS =
      "for n in /proc/self/ns/*; do readlink $n; done; cat /proc/self/cgroup;"
          + " grep -E '^(Cap|NoNewPrivs|Seccomp)' /proc/self/status; id";

  @RegisterExtension final Engine engine = new Engine();

  private static void end(ContainerProcess process) throws Exception {
    process.destroyForcibly();
    process.waitFor();
  }

  private void sameWalls(ContainerSpec.Builder spec) throws Exception {
    var first = engine.sh(spec, WALLS + "; echo; read x");
    var walls = new StringBuilder();
    for (var line = line(first); !line.isEmpty(); line = line(first)) {
      walls.append(line).append('\n');
    }
    var further = first.container().exec("/bin/sh", "-c", WALLS);
    assertThat(output(further)).isEqualTo(walls.toString()).contains("Seccomp:\t2");
    assertThat(further.waitFor()).isZero();
    end(first);
  }

  @Test
  void itHasTheWallsOfTheFirst() throws Exception {
    sameWalls(spec().memory("64M").pids(20));
  }

  @Test
  void alsoWithItsOwnUsers() throws Exception {
    sameWalls(spec().userMapping(UserMapping.AUTO));
  }

  @Test
  void alsoWithSharedNamespacesAndWithoutInit() throws Exception {
    sameWalls(
        spec()
            .init(false)
            .namespace(NamespaceKind.PID, NamespaceRequest.SHARED)
            .namespace(NamespaceKind.NET, NamespaceRequest.SHARED));
  }

  /**
   * Where the machine's mounts are shared, as with systemd, what is mounted inside stays inside.
   */
  @Test
  void itsMountsDoNotReachTheMachine() throws Exception {
    var table = Path.of("/proc/self/mountinfo");
    var before = Files.readString(table);
    for (var users : new UserMapping[] {UserMapping.HOST, UserMapping.AUTO}) {
      var process =
          engine.sh(
              spec().userMapping(users).namespace(NamespaceKind.NET, NamespaceRequest.SHARED),
              "echo; read x");
      assertThat(line(process)).isEmpty();
      assertThat(Files.readString(table)).isEqualTo(before);
      end(process);
    }
  }

  @Test
  void alsoInATimeNamespace() throws Exception {
    sameWalls(spec().namespace(NamespaceKind.TIME, NamespaceRequest.NEW));
  }

  @Test
  void itHasStreamsAndAnEndOfItsOwn() throws Exception {
    var first = engine.start(spec().name("host"), "/bin/cat");
    var further = first.container().exec("/bin/sh", "-c", "read x; echo got $x; exit 9");
    assertThat(first.container().tasks()).hasSizeGreaterThanOrEqualTo(3);
    further.getOutputStream().write("it\n".getBytes(StandardCharsets.US_ASCII));
    further.getOutputStream().flush();
    assertThat(output(further)).isEqualTo("got it\n");
    assertThat(further.waitFor()).isEqualTo(9);
    assertThat(first.isAlive()).isTrue();
    end(first);
  }

  @Test
  void itEndsWithTheContainer() throws Exception {
    var first = engine.start(spec(), "/bin/cat");
    var further = first.container().exec("/bin/sleep", "1000");
    first.getOutputStream().close();
    assertThat(first.waitFor()).isZero();
    assertThat(further.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void itCanBeKilledAlone() throws Exception {
    var first = engine.start(spec(), "/bin/cat");
    var further = first.container().exec("/bin/sleep", "1000");
    further.destroyForcibly();
    assertThat(further.waitFor()).isEqualTo(128 + 9);
    assertThat(first.isAlive()).isTrue();
    end(first);
  }

  @Test
  void itsSpecIsHeeded() throws Exception {
    var first = engine.start(spec().environment("A", "1").environment("B", "2"), "/bin/cat");
    var further =
        first
            .container()
            .exec(
                ExecSpec.builder()
                    .environment("B", "3")
                    .directory("/usr")
                    .identity(new IdentityRequest(1234, 5678, List.of(42)))
                    .build(),
                List.of("/bin/sh", "-c", "echo $A $B; pwd; id -u; id -g; id -G"));
    assertThat(output(further)).isEqualTo("1 3\n/usr\n1234\n5678\n5678 42\n");
    assertThat(further.waitFor()).isZero();
    assertThatThrownBy(
            () ->
                first
                    .container()
                    .exec(
                        ExecSpec.builder()
                            .capabilities(CapabilitySet.of(Capability.SYS_ADMIN))
                            .build(),
                        List.of("/bin/true")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("CAP_SYS_ADMIN is more than the container itself has");
    end(first);
  }

  @Test
  void whatCannotBeExecutedIsTold() throws Exception {
    var first = engine.start(spec().name("host"), "/bin/cat");
    assertThatThrownBy(() -> first.container().exec("no-such-program"))
        .isInstanceOfSatisfying(StepFailed.class, e -> assertThat(e.execution()).isTrue())
        .hasMessageStartingWith("cannot start a command in host: executing no-such-program ");
    end(first);
    assertThatThrownBy(() -> first.container().exec("/bin/true"))
        .hasMessageStartingWith("host: no such container");
  }

  @Test
  void nothingCanBeStartedInWhatHasEnded() throws Exception {
    var first = engine.sh(spec().name("over").removed(false), "exit 0");
    first.waitFor();
    assertThatThrownBy(() -> first.container().exec("/bin/true"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage(
            "cannot start a command in over: it has ended; bailey rm over removes what is kept of"
                + " it");
  }

  @Test
  void namespacesAreListedWithTheirContainer() throws Exception {
    var first = engine.start(spec().name("walled"), "/bin/cat");
    var uses =
        engine.system().namespaces().stream()
            .filter(use -> use.container().filter("walled"::equals).isPresent())
            .toList();
    assertThat(uses.stream().map(NamespaceUse::kind))
        .contains(
            NamespaceKind.PID,
            NamespaceKind.MNT,
            NamespaceKind.UTS,
            NamespaceKind.IPC,
            NamespaceKind.NET,
            NamespaceKind.CGROUP);
    assertThat(uses).allSatisfy(use -> assertThat(use.processes()).isEqualTo(2));
    end(first);
  }
}
