package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.ContainerSystem;
import bailey.core.error.BadRequest;
import bailey.core.error.ContainerException;
import bailey.core.error.StateDamaged;
import bailey.core.error.StepFailed;
import bailey.core.state.ContainerState;
import bailey.linux.LinuxKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State directories in every bad condition. */
class StateTest {
  @RegisterExtension final Engine engine = new Engine();

  private void isRefused(Path path, String why) {
    assertThatThrownBy(() -> ContainerSystem.open(engine.kernel(), path.toString()))
        .isInstanceOf(BadRequest.class)
        .hasMessageStartingWith("the state directory " + path + " is not safe: " + why);
  }

  @Test
  void oneThatIsALinkIsRefused() throws IOException {
    var link = Files.createSymbolicLink(engine.folder().resolve("link"), Path.of(engine.state()));
    isRefused(link, "it is a symbolic link; ");
  }

  @Test
  void oneOfAnotherUserIsRefused() throws IOException {
    var path = Files.createDirectory(engine.folder().resolve("others"));
    Files.setAttribute(path, "unix:uid", 12345);
    isRefused(path, "it is owned by user 12345, not 0; ");
  }

  @Test
  void oneThatOthersMayWriteIsRefused() throws IOException {
    var path = Files.createDirectory(engine.folder().resolve("open"));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwx---"));
    isRefused(path, "others may write to it (mode 0770); ");
  }

  @Test
  void oneThatIsAFileIsRefused() throws IOException {
    isRefused(Files.createFile(engine.folder().resolve("file")), "it is no directory; ");
  }

  @Test
  void oneThatCannotBeMadeIsASentence() {
    var path = engine.folder().resolve("no/such");
    assertThatThrownBy(() -> ContainerSystem.open(engine.kernel(), path.toString()))
        .isInstanceOf(StateDamaged.class)
        .hasMessageStartingWith("making " + path + " failed: ");
  }

  @Test
  void aTruncatedRecordIsNamedAndCanBeRemoved() throws Exception {
    var container = engine.system().create(spec().name("torn").memory("64M").build());
    var intent = Path.of(engine.state(), "containers/c-torn/intent");
    var text = Files.readString(intent);
    Files.writeString(intent, text.substring(0, text.length() / 2));
    assertThat(container.state()).isEqualTo(ContainerState.DAMAGED);
    assertThatThrownBy(container::command)
        .isInstanceOf(StateDamaged.class)
        .hasMessageStartingWith("reading " + intent + " failed: it has ");
    assertThatThrownBy(() -> container.start("/bin/true"))
        .hasMessage(
            "cannot start torn: it has a damaged record; bailey rm --force torn removes it");
    assertThatThrownBy(() -> container.remove(false)).isInstanceOf(ContainerException.class);
    var kept = engine.system().gc().kept();
    assertThat(kept).hasSize(1);
    assertThat(kept.getFirst()).startsWith("kept torn: its record is damaged (reading ");
    assertThat(engine.groups()).containsExactly("c-torn");
    assertThat(engine.system().gc(true).removed())
        .containsExactly("removed torn: its record was damaged");
    assertThat(container.state()).isEqualTo(ContainerState.GONE);
    assertThat(engine.groups()).isEmpty();
  }

  /** What bailey did not put there may be somebody's: it is not removed, and nobody is told so. */
  @Test
  void whatIsNotBaileysStaysAndIsNamed() throws Exception {
    var container = engine.system().create(spec().name("torn").memory("64M").build());
    var directory = Path.of(engine.state(), "containers/c-torn");
    Files.delete(directory.resolve("intent"));
    Files.createDirectory(directory.resolve("intent"));
    assertThatThrownBy(() -> container.remove(true))
        .isInstanceOf(StateDamaged.class)
        .hasMessageContaining("did not put there");
    var result = engine.system().gc(true);
    assertThat(result.removed()).isEmpty();
    assertThat(result.kept()).singleElement().asString().contains("rm -r");
    Files.delete(directory.resolve("intent"));
    assertThat(engine.system().gc(true).kept()).isEmpty();
    assertThat(container.state()).isEqualTo(ContainerState.GONE);
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void whatRunsWithADamagedRecordIsShownAndCanBeEnded() throws Exception {
    var process = engine.start(spec().name("torn"), "/bin/cat");
    Files.writeString(Path.of(engine.state(), "containers/c-torn/intent"), "nonsense");
    var container = engine.system().container("torn");
    assertThat(container.state()).isEqualTo(ContainerState.DAMAGED);
    for (boolean force : new boolean[] {false, true}) {
      var result = engine.system().gc(force);
      assertThat(result.removed()).isEmpty();
      assertThat(result.kept()).singleElement().asString().contains("bailey rm --force torn ends");
    }
    assertThat(process.isAlive()).isTrue();
    container.remove(true);
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    assertThat(container.state()).isEqualTo(ContainerState.GONE);
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void removingWithForceRemovesWhatIsDamaged() throws Exception {
    var container = engine.system().create(spec().name("torn").pids(5).build());
    Files.writeString(Path.of(engine.state(), "containers/c-torn/intent"), "nonsense");
    container.remove(true);
    assertThat(container.state()).isEqualTo(ContainerState.GONE);
    assertThat(engine.groups()).isEmpty();
  }

  /** One record that nobody can read must not keep bailey from all others. */
  @ParameterizedTest
  @ValueSource(strings = {"intent", "first"})
  void aRecordWithSomethingElseInItIsDamagedAndNoOther(String file) throws Exception {
    var process = engine.start(spec().name("odd"), "/bin/cat");
    engine.start(spec().name("even"), "/bin/cat");
    var path = Path.of(engine.state(), "containers/c-odd", file);
    for (var command :
        List.of("mkfifo " + path, "ln -s /dev/zero " + path, "truncate -s 20M " + path)) {
      Files.delete(path);
      assertThat(new ProcessBuilder(command.split(" ")).start().waitFor()).as(command).isZero();
      assertThat(engine.system().container("odd").state())
          .as(command)
          .isEqualTo(ContainerState.DAMAGED);
      assertThat(engine.system().container("even").state()).isEqualTo(ContainerState.RUNNING);
      assertThat(engine.system().gc().kept()).singleElement().asString().contains("odd");
    }
    engine.system().container("odd").remove(true);
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    engine.system().container("even").close();
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void aStateDirectoryWithSomethingElseInItIsRefused(@TempDir Path folder) throws Exception {
    try (var kernel = new LinuxKernel()) {
      for (var name : List.of("gate", "reports", "containers")) {
        var state = Files.createDirectory(folder.resolve(name));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
        assertThat(new ProcessBuilder("mkfifo", state.resolve(name).toString()).start().waitFor())
            .isZero();
        assertThatThrownBy(() -> ContainerSystem.open(kernel, state.toString()))
            .isInstanceOf(BadRequest.class)
            .hasMessageContaining(state + " is not safe: " + state.resolve(name) + " is no ");
      }
    }
  }

  @Test
  void eachBitOfARecordCounts() throws Exception {
    var container = engine.system().create(spec().name("bits").build());
    var intent = Path.of(engine.state(), "containers/c-bits/intent");
    byte[] bytes = Files.readAllBytes(intent);
    for (int i = 0; i < bytes.length; i++) {
      var flipped = bytes.clone();
      flipped[i] ^= 1;
      Files.write(intent, flipped);
      assertThat(container.state()).as("byte %s", i).isEqualTo(ContainerState.DAMAGED);
    }
    Files.write(intent, bytes);
    assertThat(container.state()).isEqualTo(ContainerState.CREATED);
    container.close();
  }

  @Test
  void aFullDiskIsASentenceAndNothingIsHalfMade() throws Exception {
    try (var disk = SmallDisk.mount(engine.folder().resolve("disk"), 12)) {
      try (var system = ContainerSystem.open(engine.kernel(), disk.path() + "/state")) {
        disk.fill();
        assertThatThrownBy(
                () -> system.start(spec().name("x").memory("64M").build(), List.of("/bin/true")))
            .isInstanceOfSatisfying(StepFailed.class, e -> assertThat(e.errno()).isEqualTo(28))
            .hasMessageContaining("ENOSPC (no space left on device). Free space, or name another ");
        assertThat(system.containers()).isEmpty();
        disk.free();
        assertThat(system.start(spec().build(), List.of("/bin/true")).waitFor()).isZero();
      }
    }
  }

  @Test
  void aDiskThatIsFullAtTheEndLosesTheReportOnly() throws Exception {
    try (var disk = SmallDisk.mount(engine.folder().resolve("disk"), 12)) {
      try (var system = ContainerSystem.open(engine.kernel(), disk.path() + "/state")) {
        var process =
            system.start(spec().name("x").build(), List.of("/bin/sh", "-c", "read x; exit 7"));
        disk.fill();
        process.getOutputStream().close();
        assertThat(process.waitFor()).isEqualTo(7);
        assertThat(process.exitReport().join().exitCode()).hasValue(7);
        assertThat(system.containers()).isEmpty();
        assertThatThrownBy(() -> system.report("x")).hasMessageStartingWith("there is no report");
      }
    }
  }
}
