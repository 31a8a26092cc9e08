package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.CloneSpec;
import bailey.Container;
import bailey.core.error.BadRequest;
import bailey.core.spec.ContainerSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Running processes get containers of their own, in those that they are in. */
class CloneTest {
  /** Fewer where each takes long, as in an emulated machine. */
  private static final int TIMES = Math.max(5, Integer.getInteger("bailey.moves", 1000) / 100);

  @RegisterExtension final Engine engine = new Engine();

  private static CloneSpec job() {
    return CloneSpec.of(spec().name("job").memory("512M").pids(5000).build());
  }

  private Container web() {
    return engine.system().create(spec().name("web").memory("1G").pids(10_000).build());
  }

  private Map<String, String> places(long pid) {
    var places = new TreeMap<String, String>();
    var base = engine.base() + "/";
    engine.kernel().processes().membership(pid).orElseThrow().groups().entrySet().stream()
        .filter(entry -> entry.getValue().startsWith(base))
        .forEach(entry -> places.put(entry.getKey(), entry.getValue().substring(base.length())));
    return places;
  }

  private static Process sleeper() throws Exception {
    return new ProcessBuilder("/bin/sleep", "1000").start();
  }

  private static void end(Process process) throws Exception {
    process.destroyForcibly();
    process.waitFor();
  }

  @Test
  void aProcessGetsAContainerInItsOwn() throws Exception {
    var web = web();
    var process = sleeper();
    var other = sleeper();
    try {
      web.attach(process.pid(), other.pid());
      int hierarchies = places(process.pid()).size();
      var job = engine.system().cloneTask(job(), process.pid()).container();
      assertThat(job.name()).isEqualTo("web/job");
      assertThat(places(process.pid())).hasSize(hierarchies);
      assertThat(new HashSet<>(places(process.pid()).values())).containsExactly("c-web/c-job");
      assertThat(places(other.pid()).values()).noneMatch(path -> path.contains("c-job"));
      assertThat(job.get("memory.max")).isEqualTo(Long.toString(512 << 20));
      assertThat(job.tasks()).hasSize(1);
      assertThat(engine.system().containerOf(process.pid()).map(Container::name))
          .contains("web/job");
      var inner =
          engine.system().cloneTask(CloneSpec.of(spec().build()), process.pid()).container();
      assertThat(inner.name()).isEqualTo("web/job/" + process.pid());
      assertThat(places(process.pid()).values())
          .allMatch(path -> path.equals("c-web/c-job/c-" + process.pid()));
    } finally {
      end(process);
      end(other);
    }
  }

  @Test
  void onlyInWhatWasChosen() throws Exception {
    var process = sleeper();
    try {
      ContainerSpec spec =
          spec().name("counted").accounted(false).control("pids.max", "max").build();
      engine.system().cloneTask(CloneSpec.of(spec), process.pid());
      var v2 = engine.kernel().features().cgroups().mounts().isEmpty();
      assertThat(places(process.pid()).keySet())
          .containsExactlyElementsOf(v2 ? List.of("cgroup") : List.of("cgroup", "pids"));
    } finally {
      end(process);
    }
  }

  @Test
  void whatItForksMeanwhileComesAlong(@TempDir Path folder) throws Exception {
    BusyProgram.build(folder);
    var web = web();
    int seen = 0;
    try (var program = BusyProgram.start(folder.resolve("busy"), "fork")) {
      for (int i = 0; i < TIMES; i++) {
        web.attachTree(program.pid());
        var result = engine.system().cloneTask(job().tree(true), program.pid());
        assertThat(result.moved().stayed())
            .allMatch(stayed -> stayed.reason().equals("ended meanwhile"));
        int hierarchies = places(program.pid()).size();
        var children = ProcessHandle.of(program.pid()).orElseThrow().descendants().toList();
        for (var child : children) {
          seen += whole(child.pid(), hierarchies);
        }
        web.attachTree(program.pid());
        result.container().remove(false);
      }
      assertThat(program.isAlive()).isTrue();
    }
    assertThat(seen).as("children looked at").isPositive();
  }

  /** One, where it was there to be looked at: it ends in a moment. */
  private int whole(long pid, int hierarchies) {
    var found = engine.kernel().processes().membership(pid);
    if (found.isEmpty()) {
      return 0;
    }
    var places =
        found.get().groups().values().stream()
            .filter(path -> path.contains(engine.base()))
            .toList();
    assertThat(places).hasSize(hierarchies).allMatch(path -> path.endsWith("/c-web/c-job"));
    return 1;
  }

  @Test
  void whatDoesNotFitStaysAndLeavesNothing() throws Exception {
    var web = web();
    var process = new ProcessBuilder("/bin/sh", "-c", "sleep 1000 & sleep 1000 & wait").start();
    try {
      while (process.descendants().count() < 2) {
        Thread.onSpinWait();
      }
      web.attachTree(process.pid());
      var before = places(process.pid());
      var narrow = CloneSpec.of(spec().name("narrow").pids(2).build()).tree(true);
      assertThatThrownBy(() -> engine.system().cloneTask(narrow, process.pid()))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining(" to web/narrow: pids.max is 2, and with 3 more there would be 3");
      assertThat(engine.system().containers()).extracting(Container::name).containsExactly("web");
      assertThat(engine.groups()).containsExactly("c-web");
      if (!engine.kernel().features().cgroups().mounts().isEmpty()) { // on v2 they made room
        assertThat(places(process.pid())).isEqualTo(before);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      end(process);
    }
  }
}
