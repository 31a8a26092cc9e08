package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.Container;
import bailey.Drift;
import bailey.core.container.ContainerPath;
import bailey.core.kernel.TaskInfo;
import bailey.engine.group.Groups;
import bailey.testkit.KernelAbility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What others than bailey change is found, and taken back where it is certain what is right. */
class DriftTest {
  @RegisterExtension final Engine engine = new Engine();

  @BeforeEach
  void groups() {
    KernelAbility.require(
        engine.kernel().features().machineRoot()
            && engine.kernel().features().cgroups().base().isPresent(),
        "control groups of the machine");
  }

  /** The groups of a container, by the mount points of their hierarchies. */
  private List<Path> directories(Container container) {
    var found = new ArrayList<Path>();
    var directory = ContainerPath.parse("name", container.name()).directory();
    for (var point : Groups.hierarchies(engine.kernel().features().cgroups()).values()) {
      try (var bases = Files.newDirectoryStream(Path.of(point), "bailey*")) {
        for (var base : bases) {
          if (Files.isDirectory(base.resolve(directory))) {
            found.add(base.resolve(directory));
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  private List<Drift.Kind> drift() {
    return engine.system().drift().stream().map(Drift::kind).toList();
  }

  private Container sleeper(String name) throws Exception {
    var process =
        engine.sh(
            spec().name(name).control("memory.max", "64M").control("pids.max", "20"),
            "sleep 1000 & echo up; exec sleep 1000");
    assertThat(line(process)).isEqualTo("up");
    return process.container();
  }

  private static Path top(Path group) {
    var top = group;
    while (Files.exists(top.resolve("../cgroup.procs"))) {
      top = top.resolve("..").normalize();
    }
    return top;
  }

  private static void move(long pid, Path group) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
  }

  private static List<Long> procs(Path group) throws IOException {
    try (var lines = Files.lines(group.resolve("cgroup.procs"))) {
      return lines.map(Long::valueOf).sorted().toList();
    }
  }

  @Test
  void nothingIsFoundWhereNothingWasChanged() throws Exception {
    sleeper("outer");
    sleeper("outer/inner");
    engine.system().create(spec().name("later").control("memory.max", "32M").build());
    assertThat(engine.system().drift()).isEmpty();
    assertThat(engine.system().gc().repaired()).isEmpty();
  }

  @Test
  void aProcessThatWasMovedByHandIsPutBack() throws Exception {
    var container = sleeper("one");
    var all = container.tasks().stream().map(TaskInfo::pid).sorted().toList();
    var groups = directories(container);
    for (var group : groups) {
      move(all.getLast(), top(group));
    }
    assertThat(drift()).containsExactly(Drift.Kind.PROCESS_OUTSIDE);
    assertThat(engine.system().gc().repaired())
        .singleElement()
        .asString()
        .contains("its process " + all.getLast());
    for (var group : groups) {
      assertThat(procs(group)).as(group.toString()).isEqualTo(all);
    }
    assertThat(engine.system().drift()).isEmpty();
  }

  @Test
  void aGroupThatWasRemovedIsMadeAgainWithItsLimits() throws Exception {
    var container = engine.system().create(spec().name("one").control("memory.max", "32M").build());
    for (var group : directories(container)) {
      Files.delete(group);
    }
    assertThat(drift()).isNotEmpty().containsOnly(Drift.Kind.GROUP_MISSING);
    assertThat(engine.system().gc().repaired()).isNotEmpty();
    assertThat(container.get("memory.max")).isEqualTo("33554432");
    assertThat(engine.system().drift()).isEmpty();
    var process = container.start("/bin/true");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aGroupThatWasRenamedGetsItsNameBack() throws Exception {
    var container = sleeper("one");
    var renamable = // the kernel renames groups of v1 alone
        directories(container).stream()
            .filter(group -> Files.exists(group.resolve("tasks")))
            .findFirst();
    if (renamable.isEmpty()) {
      return;
    }
    var group = renamable.get();
    Files.move(group, group.resolveSibling("other"));
    assertThat(drift()).containsExactly(Drift.Kind.GROUP_RENAMED);
    assertThat(engine.system().gc().repaired()).hasSize(1);
    assertThat(group).isDirectory();
    assertThat(group.resolveSibling("other")).doesNotExist();
    assertThat(engine.system().drift()).isEmpty();
  }

  /** Nothing is guessed: whose it is cannot be known. */
  @Test
  void aProcessOfTwoMindsStaysWhereItIs() throws Exception {
    var container = engine.system().create(spec().name("one").control("memory.max", "32M").build());
    var groups = directories(container);
    if (groups.size() < 2) {
      return; // one group: it is in it or it is not
    }
    var stranger = new ProcessBuilder("sleep", "1000").start();
    try {
      move(stranger.pid(), groups.getFirst());
      assertThat(drift()).containsExactly(Drift.Kind.PROCESS_SPLIT);
      var result = engine.system().gc();
      assertThat(result.repaired()).isEmpty();
      assertThat(result.kept())
          .singleElement()
          .asString()
          .contains("bailey attach one " + stranger.pid());
      assertThat(procs(groups.getFirst())).containsExactly(stranger.pid());
      container.attach(stranger.pid());
      assertThat(engine.system().drift()).isEmpty();
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }
}
