package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A root directory whose links lead out of it: somebody else has made it. */
class HostileRootTest {
  @TempDir Path folder;
  private Path root;
  private Path outside;

  @BeforeEach
  void rootOfTheMachinesPrograms() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    outside = Files.createDirectory(folder.resolve("outside"));
    for (var name : List.of("usr", "proc", "sys", "dev", "tmp")) {
      Files.createDirectory(root.resolve(name));
    }
    for (var name : List.of("bin", "lib", "lib64")) {
      Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
    }
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(name), Path.of(target));
  }

  private Bailey.Result run(String... words) {
    var all = new ArrayList<>(List.of("run", "--root", root.toString(), "-v", "/usr:/usr:ro"));
    all.addAll(Arrays.asList(words));
    return Bailey.run("", all);
  }

  private List<String> madeOutside() throws IOException {
    try (var files = Files.list(outside)) {
      return files.map(Path::toString).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "/..", "usr/../..", "/proc/self/root/.."})
  void whereSomethingIsMountedIsInside(String up) throws IOException {
    link("data", up + outside);
    Files.createDirectories(Path.of(root.toString() + outside));
    Files.writeString(folder.resolve("file"), "content");
    for (var mount :
        List.of(
            List.of("-v", folder + ":/data/folder"),
            List.of("-v", folder + "/file:/data/file"),
            List.of("--tmpfs", "/data/memory"))) {
      var result = run(mount.get(0), mount.get(1), "--", "true");
      assertThat(madeOutside()).as("%s", mount).isEmpty();
      if (up.contains("proc")) {
        assertThat(result.status()).isEqualTo(125);
        assertThat(result.err()).startsWith("bailey: ").contains("ELOOP").hasLineCount(1);
      } else {
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
      }
    }
  }

  @Test
  void whatIsOpenAtTheStartIsNoWayOut() throws IOException {
    for (int fd = 3; fd < 24; fd += 3) {
      link("data" + fd, "/proc/self/fd/" + fd + outside);
      var result = run("-v", folder + ":/data" + fd + "/folder", "--", "true");
      assertThat(result.status()).as(result.err()).isEqualTo(125);
      assertThat(madeOutside()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proc", "sys", "dev"})
  void theKernelsPlacesAreNotLinks(String name) throws IOException {
    Files.delete(root.resolve(name));
    link(name, ".." + outside);
    Files.createDirectories(Path.of(root.toString() + outside));
    var result = run("--", "true");
    assertThat(madeOutside()).isEmpty();
    assertThat(result.status()).as(result.err()).isEqualTo(125);
    assertThat(result.err()).startsWith("bailey: ").contains("/" + name).hasLineCount(1);
  }

  @Test
  void theWallsAreUp() {
    var result =
        run(
            "--",
            "sh",
            "-c",
            "wc -c < /proc/timer_list; echo > /proc/sys/kernel/core_pattern || echo refused");
    assertThat(result.out().lines()).as(result.err()).containsExactly("0", "refused");
  }
}
