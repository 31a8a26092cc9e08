package bailey.kernel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.spec.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs that watch files by inotify are told of what others do by other ways than the mount. */
class ContainerFsWatchTest {
  @RegisterExtension final Engine engine = new Engine();

  private MountedFiles files = MountedFiles.NONE;

  @BeforeEach
  void mount() throws IOException {
    files = MountedFiles.of(engine);
  }

  @AfterEach
  void unmount() {
    files.close();
  }

  private FileWatcher watch(String... names) throws IOException {
    return FileWatcher.of(files.top().resolve("default"), names);
  }

  @Test
  void aLimitThatIsSetByOthers() throws IOException {
    var _ = files.out("mkdir web; echo 77 > web/pids.max");
    var web = engine.system().container("web");
    try (var limit = watch("web/pids.max")) {
      web.set("pids.max", "88");
      assertThat(limit.next()).isEqualTo("web/pids.max MODIFY");
      assertThat(Files.readString(files.path("web/pids.max"))).isEqualTo("88\n");
      web.set("pids.max", "99");
      assertThat(limit.next()).isEqualTo("web/pids.max MODIFY");
      var _ = files.out("echo 55 > web/pids.max");
      assertThat(limit.next()).isEqualTo("web/pids.max MODIFY");
    }
    assertThat(web.get("pids.max")).isEqualTo("55");
    var _ = files.out("rmdir web");
  }

  @Test
  void whatAContainerDoesAndThatItIsGone() throws IOException {
    var process = engine.start(Engine.spec().name("job").removed(false), "sleep", "1000");
    var job = engine.system().container("job");
    try (var state = watch("job/container.state");
        var events = watch("job/container.events")) {
      job.freeze();
      assertThat(state.next()).isEqualTo("job/container.state MODIFY");
      assertThat(events.next()).isEqualTo("job/container.events MODIFY");
      assertThat(files.out("cat job/container.state")).isEqualTo("frozen\n");
      job.thaw();
      assertThat(state.next()).isEqualTo("job/container.state MODIFY");
      assertThat(events.next()).isEqualTo("job/container.events MODIFY");
      process.destroyForcibly();
      assertThat(state.next()).isEqualTo("job/container.state MODIFY");
      assertThat(events.next()).isEqualTo("job/container.events MODIFY");
      process.onExit().join();
      job.remove(false);
      assertThat(state.next()).isEqualTo("job/container.state DELETE_SELF");
      assertThat(events.next()).isEqualTo("job/container.events DELETE_SELF");
    }
  }

  @Test
  void aDirectoryAndWhatIsMadeChangedAndRemovedInIt() throws IOException {
    var _ = files.out("mkdir web");
    try (var folder = watch(".");
        var inside = watch("web")) {
      var made = engine.system().create(spec("made"));
      assertThat(folder.next()).isEqualTo(". CREATE made");
      assertThat(files.out("ls -d made")).isEqualTo("made\n");
      engine.system().container("web").set("pids.max", "66");
      assertThat(inside.next()).isEqualTo("web MODIFY pids.max");
      made.remove(false);
      assertThat(folder.next()).isEqualTo(". DELETE made");
      assertThat(files.sh("ls made").status()).isNotZero();
      engine.system().container("web").remove(false);
      assertThat(folder.next()).isEqualTo(". DELETE web");
      assertThat(inside.next()).isEqualTo("web DELETE_SELF");
      var _ = files.out("mkdir web");
      assertThat(folder.next()).isEqualTo(". CREATE web");
      assertThat(files.out("echo 5 > web/pids.max; cat web/pids.max")).isEqualTo("5\n");
    }
    var _ = files.out("rmdir web");
    assertThat(engine.system().containers()).isEmpty();
  }

  private static ContainerSpec spec(String name) {
    return ContainerSpec.builder().name(name).removed(false).detached(true).build();
  }
}
