package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.Container;
import bailey.MoveResult;
import bailey.core.error.BadRequest;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are moved between containers while they make new ones as fast as they can. Each task
 * must be in the same container in every hierarchy that both containers are in, at every moment.
 */
class MoveTest {
  /** Fewer where each takes long, as in an emulated machine. */
  private static final int MOVES = Integer.getInteger("bailey.moves", 1000);

  @RegisterExtension final Engine engine = new Engine();

  @TempDir Path folder;

  private final List<BusyProgram> programs = new ArrayList<>();
  private Container one;
  private Container two;

  @BeforeEach
  void containers() {
    one = container("one");
    two = container("two");
  }

  private Container container(String name) {
    var all = spec().name(name).memory("1G").pids(10_000);
    if (engine.kernel().features().cgroups().mounts().containsKey("cpuset")) {
      all.control("cpuset.cpus", "0").control("cpu.weight", "100");
    }
    return engine.system().create(all.build());
  }

  private BusyProgram busy(String mode) throws Exception {
    var binary = folder.resolve("busy");
    if (!Files.exists(binary)) {
      BusyProgram.build(folder);
    }
    var program = BusyProgram.start(binary, mode);
    programs.add(program);
    return program;
  }

  private void end() {
    programs.forEach(BusyProgram::close);
  }

  // ---- where tasks are ----

  private Optional<Membership> membership(long pid) {
    return engine.kernel().processes().membership(pid);
  }

  /** The container of each thread in each hierarchy that containers are in. */
  private Map<String, String> containers(Membership.Member thread) {
    var found = new TreeMap<String, String>();
    thread
        .groups()
        .forEach(
            (controller, path) -> {
              if (path.startsWith(engine.base() + "/")) {
                found.put(controller, path.substring(engine.base().length() + 1));
              }
            });
    return found;
  }

  private int hierarchies() {
    return containers(membership(programs.getFirst().pid()).orElseThrow().threads().getFirst())
        .size();
  }

  /** All threads of a process are in one container, whole. */
  private void whole(Membership process, int hierarchies) {
    for (var thread : process.threads()) {
      var places = containers(thread);
      assertThat(places)
          .as("thread %s of %s", thread.tid(), process.command())
          .hasSize(hierarchies);
      assertThat(new HashSet<>(places.values()))
          .as("thread %s of %s", thread.tid(), process.command())
          .hasSize(1);
    }
  }

  private List<Membership> descendants(long of) {
    var parents = engine.kernel().processes().parents();
    return parents.keySet().stream()
        .filter(pid -> pid != of && isBelow(pid, of, parents))
        .map(this::membership)
        .flatMap(Optional::stream)
        .toList();
  }

  private static boolean isBelow(long pid, long of, Map<Long, Long> parents) {
    long at = pid;
    while (at != of && at > 1) {
      at = parents.getOrDefault(at, 0L);
    }
    return at == of;
  }

  private static boolean in(Membership process, Container container) {
    return process.groups().values().stream().anyMatch(p -> p.endsWith("/c-" + container.name()));
  }

  /** Moves it back and forth; what it made meanwhile must be whole, and counted. */
  private void thousandMoves(BusyProgram program, Consumer<Container> move) throws IOException {
    move.accept(one);
    int hierarchies = hierarchies();
    if (!engine.kernel().features().cgroups().mounts().isEmpty()) {
      assertThat(hierarchies).as("several hierarchies").isGreaterThan(4);
    }
    long before = program.made();
    int checked = 0;
    for (int i = 1; i <= MOVES; i++) {
      var target = i % 2 == 0 ? one : two;
      move.accept(target);
      var self = membership(program.pid()).orElseThrow();
      whole(self, hierarchies);
      assertThat(in(self, target)).as("move %s", i).isTrue();
      if (i % 20 == 0) {
        for (var child : descendants(program.pid())) {
          whole(child, hierarchies);
          checked++;
        }
      }
    }
    assertThat(program.isAlive()).isTrue();
    assertThat(program.made() - before).as("tasks made meanwhile").isGreaterThan(MOVES / 10);
    System.out.printf(
        "%d moves over %d hierarchies, %d tasks made meanwhile, %d looked at%n",
        MOVES, hierarchies, program.made() - before, checked);
  }

  @Test
  void whatForksWhileItIsMovedIsWhole() throws Exception {
    try {
      var program = busy("fork");
      thousandMoves(program, target -> target.attach(program.pid()));
    } finally {
      end();
    }
  }

  @Test
  void soIsWhatMakesThreads() throws Exception {
    try {
      var program = busy("thread");
      thousandMoves(program, target -> target.attach(program.pid()));
    } finally {
      end();
    }
  }

  @Test
  void soIsWhatSharesItsMemoryWithItsChild() throws Exception {
    try {
      var program = busy("vfork");
      thousandMoves(program, target -> target.attach(program.pid()));
    } finally {
      end();
    }
  }

  @Test
  void aTreeComesWhole() throws Exception {
    try {
      var program = busy("fork");
      int moves = Math.max(10, MOVES / 20);
      int seen = 0;
      for (int i = 0; i < moves; i++) {
        var target = i % 2 == 0 ? one : two;
        var result = target.attachTree(program.pid());
        assertThat(result.stayed()).allMatch(stayed -> stayed.reason().equals("ended meanwhile"));
        assertThat(result.moved().stream().map(MoveResult.Moved::pid)).contains(program.pid());
        int hierarchies = hierarchies();
        var all = descendants(program.pid());
        assertThat(program.isAlive()).isTrue();
        seen += all.size();
        for (var process : all) {
          whole(process, hierarchies);
          assertThat(in(process, target)).isTrue();
        }
      }
      assertThat(seen).as("descendants in %s moves", moves).isGreaterThan(moves);
    } finally {
      end();
    }
  }

  @Test
  void whatEndsMeanwhileDoesNotMatter() throws Exception {
    try {
      var program = busy("fork");
      int ended = 0;
      for (int i = 0; i < Math.max(20, MOVES / 10); i++) {
        var target = i % 2 == 0 ? one : two;
        var children =
            ProcessHandle.of(program.pid())
                .orElseThrow()
                .children()
                .map(ProcessHandle::pid)
                .toList();
        var pids = new ArrayList<>(children.stream().limit(5).toList());
        pids.add(program.pid());
        var result = target.attach(pids.stream().mapToLong(pid -> pid).toArray());
        ended += result.stayed().size();
        assertThat(in(membership(program.pid()).orElseThrow(), target)).isTrue();
      }
      assertThat(ended).as("children that ended meanwhile").isPositive();
    } finally {
      end();
    }
    var gone = programs.getFirst().pid();
    assertThatThrownBy(() -> one.attach(gone))
        .isInstanceOf(BadRequest.class)
        .hasMessage("attach: there is no process " + gone + "; ps -e lists those there are");
  }

  @Test
  void singleThreadsGoWhereTheKernelLetsThem() throws Exception {
    boolean v2 = engine.kernel().features().cgroups().mounts().isEmpty();
    try {
      var program = busy("thread");
      one.attach(program.pid());
      if (v2) {
        assertThatThrownBy(() -> two.attachThreads(program.pid()))
            .isInstanceOf(NotPossibleHere.class)
            .hasMessageContaining("only where the group is threaded, and two is not");
        return;
      }
      long tid = program.pid(); // the others come and go
      var result = two.attachThreads(tid);
      assertThat(result.moved()).hasSize(1);
      assertThat(result.apart()).contains("memory", "cgroup");
      var places = containers(membership(tid).orElseThrow().threads().getFirst());
      var expected = new HashMap<>(places);
      expected.replaceAll(
          (controller, _) -> result.apart().contains(controller) ? "c-one" : "c-two");
      assertThat(places).isEqualTo(expected);
      assertThat(places.values()).contains("c-one", "c-two");
    } finally {
      end();
    }
  }
}
