package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.linux.probe.KernelProbe;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bailey mount, and what serves it. */
class MountTest {
  @TempDir private Path folder;

  private Path top() {
    return folder.resolve("containers");
  }

  @BeforeEach
  void mount() throws IOException {
    KernelAbility.require(KernelProbe.features().privileged(), "root");
    KernelAbility.require(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    Files.createDirectory(top());
    var mounted = Bailey.run("mount", top().toString());
    assertThat(mounted.status()).as(mounted.err()).isZero();
  }

  @AfterEach
  void unmount() {
    var _ = Bailey.run("umount", "--force", top().toString());
  }

  private static String out(Bailey.Result result) {
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  /** The JVM that serves it; waits until it is there. */
  private ProcessHandle server() {
    while (true) {
      var found =
          ProcessHandle.allProcesses().filter(process -> isServer(process.pid())).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.onSpinWait();
    }
  }

  private boolean isServer(long pid) {
    try {
      var words =
          List.of(
              Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                  .split("\0"));
      return words.getFirst().endsWith("/java")
          && words.contains("--descriptor")
          && words.getLast().equals(top().toString());
    } catch (IOException _) {
      return false; // it has ended
    }
  }

  @Test
  void aServerThatIsKilledIsReplaced() throws IOException {
    var name = Bailey.name();
    var container = top().resolve("default").resolve(name);
    Files.createDirectory(container);
    try (var open = Files.newByteChannel(container.resolve("pids.max"))) {
      assertThat(out(Bailey.run("mount"))).contains(top() + "  yes");
      var first = server();
      assertThat(first.destroyForcibly()).isTrue();
      first.onExit().join();
      assertThat(Files.readString(container.resolve("pids.max"))).isEqualTo("max\n");
      assertThat(open.read(java.nio.ByteBuffer.allocate(10))).isEqualTo(4);
      assertThat(server().pid()).isNotEqualTo(first.pid());
    }
    Files.writeString(container.resolve("pids.max"), "10\n");
    assertThat(out(Bailey.run("get", name, "pids.max"))).isEqualTo("10\n");
    Files.delete(container);
    assertThat(Bailey.run("get", name, "pids.max").status()).isEqualTo(125);
  }

  @Test
  void unmountingEndsTheServer() {
    var server = server();
    assertThat(out(Bailey.run("umount", top().toString()))).isEmpty();
    server.onExit().join();
    assertThat(out(Bailey.run("mount"))).doesNotContain(top().toString());
    var again = Bailey.run("umount", top().toString());
    assertThat(again.status()).isEqualTo(125);
    assertThat(again.err()).contains("nothing is mounted at " + top());
  }

  @Test
  void whatCannotBeMountedIsRefused() {
    var missing = folder.resolve("missing").toString();
    var refused = Bailey.run("mount", missing);
    assertThat(refused.status()).isEqualTo(125);
    assertThat(refused.err()).contains("cannot serve files at " + missing).contains("ENOENT");
    assertThat(out(Bailey.run("mount", "--json")))
        .contains(top().toString())
        .doesNotContain("missing");
  }
}
