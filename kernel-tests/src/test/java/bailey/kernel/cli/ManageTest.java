package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that is done to containers in the background. */
class ManageTest {
  private final String name = Bailey.name();

  @AfterEach
  void remove() {
    Bailey.run("rm", "-rf", name);
    assertThat(Bailey.run("ps", "-aq").out().lines()).doesNotContain(name);
  }

  private void detach(String... more) {
    var words = new ArrayList<>(List.of("run", "-d", "--name", name));
    words.addAll(List.of(more));
    var result = Bailey.run("", words);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo(name + "\n");
  }

  private static Map<String, Object> one(List<Map<String, Object>> all, String name) {
    assertThat(all).filteredOn(entry -> name.equals(entry.get("name"))).hasSize(1);
    return all.stream().filter(entry -> name.equals(entry.get("name"))).findFirst().orElseThrow();
  }

  @Test
  void aLifeInTheBackground(@TempDir Path folder) throws IOException {
    var log = folder.resolve("log");
    detach("--log", log.toString(), "--", "sh", "-c", "echo started; sleep 1000; exit 5");
    assertThat(Bailey.run("ps", "-q").out().lines()).contains(name);
    var entry = one(JsonTree.objects(Bailey.run("ps", "--json").out()), name);
    assertThat(entry).containsEntry("state", "running").containsKey("created");
    assertThat(entry.get("pid")).isInstanceOf(Long.class);
    assertThat(Bailey.run("ps").out()).contains(name);
    var tasks = JsonTree.objects(Bailey.run("ps", "--json", name).out());
    assertThat(tasks).allMatch(task -> name.equals(task.get("container"))).isNotEmpty();
    assertThat(tasks)
        .filteredOn(task -> Long.valueOf(1).equals(task.get("innerPid")))
        .singleElement()
        .extracting(task -> task.get("command"))
        .isEqualTo(List.of("bailey"));
    assertThat(Bailey.run("ps", name).out()).contains("INSIDE", "echo started");
    assertThat(Bailey.run("kill", "-s", "KILL", name).status()).isZero();
    var wait = Bailey.run("wait", name);
    assertThat(wait.status()).isEqualTo(137);
    assertThat(wait.out()).isEqualTo("137\n");
    assertThat(Bailey.run("report", name).out()).startsWith(name + " was killed by signal 9");
    assertThat(Files.readString(log)).isEqualTo("started\n");
    assertThat(Bailey.run("rm", name).status()).isZero();
    assertThat(Bailey.run("report", "--json", name).json())
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("name", name)
        .containsEntry("signal", 9L);
  }

  @Test
  void aNameIsTakenOnce() {
    detach("--", "sleep", "1000");
    var second = Bailey.run("run", "--name", name, "--", "true");
    assertThat(second.status()).isEqualTo(125);
    assertThat(second.err()).startsWith("bailey: ").contains(name).hasLineCount(1);
    assertThat(Bailey.run("kill", name).status()).isZero();
    assertThat(Bailey.run("wait", name).status()).isEqualTo(137);
  }

  @Test
  void execRunsInside() {
    detach("-e", "A=1", "-w", "/usr", "--", "sleep", "1000");
    var inside =
        Bailey.run("exec", "-e", "B=2", name, "--", "sh", "-c", "hostname; echo $A$B; pwd");
    assertThat(inside.status()).as(inside.err()).isZero();
    assertThat(inside.out()).isEqualTo(name + "\n12\n/usr\n");
    assertThat(Bailey.run("exec", name, "sh", "-c", "exit 9").status()).isEqualTo(9);
    assertThat(Bailey.run("exec", "-u", "daemon", name, "id", "-un").out()).isEqualTo("daemon\n");
    assertThat(Bailey.run("exec", name, "no-such-program").status()).isEqualTo(127);
    assertThat(Bailey.run("exec", name, "/etc/passwd").status()).isEqualTo(126);
    assertThat(Bailey.run("exec", name + "x", "true"))
        .satisfies(
            result -> {
              assertThat(result.status()).isEqualTo(125);
              assertThat(result.err()).contains(name);
            });
  }

  @Test
  void limitsAreReadAndChanged() {
    Bailey.requireGroups();
    detach("--memory", "64M", "--pids", "20", "--", "sleep", "1000");
    assertThat(Bailey.run("get", name, "memory.max", "pids.max").out()).isEqualTo("67108864\n20\n");
    assertThat(Bailey.run("set", name, "memory.max", "128M").status()).isZero();
    assertThat(Bailey.run("set", name, "pids.max=max").status()).isZero();
    assertThat(Bailey.run("get", "--json", name).json())
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("memory.max", "134217728")
        .containsEntry("pids.max", "max");
    assertThat(Bailey.run("get", name).out()).contains("CONTROL", "memory.max", "134217728");
    var low = Bailey.run("set", name, "memory.max", "64Q");
    assertThat(low.status()).isEqualTo(125);
    assertThat(low.err()).startsWith("bailey: memory.max: 64Q is not a size");
    var unknown = Bailey.run("get", name, "memory.maxx");
    assertThat(unknown.status()).isEqualTo(125);
    assertThat(unknown.err()).contains("memory.max");
  }

  @Test
  void frozenMeansThatNothingRuns() {
    Bailey.requireGroups();
    detach("--", "sleep", "1000");
    assertThat(Bailey.run("freeze", name).status()).isZero();
    assertThat(one(JsonTree.objects(Bailey.run("ps", "--json").out()), name))
        .containsEntry("state", "frozen");
    assertThat(Bailey.run("thaw", name).status()).isZero();
    assertThat(one(JsonTree.objects(Bailey.run("ps", "--json").out()), name))
        .containsEntry("state", "running");
  }

  @Test
  void listsShowWhatIsUsed() {
    Bailey.requireGroups();
    detach("--memory", "64M", "--", "sleep", "1000");
    assertThat(Bailey.run("ls").out()).contains("NAME", name, "64M");
    assertThat(one(JsonTree.objects(Bailey.run("ls", "--json").out()), name).get("memoryBytes"))
        .isInstanceOf(Long.class);
    assertThat(Bailey.run("stats", name).out()).contains("NAME", name, "64M");
    var usage = JsonTree.objects(Bailey.run("stats", "--json", name).out());
    assertThat(usage).singleElement().satisfies(row -> assertThat(row.get("tasks")).isNotNull());
    assertThat(Bailey.run("namespaces", name).out()).contains("pid", "net", name);
    assertThat(JsonTree.objects(Bailey.run("namespaces", "--json", name).out()))
        .extracting(entry -> entry.get("kind"))
        .contains("pid", "mnt", "uts", "ipc", "net");
  }

  @Test
  void containersAreInContainers() {
    Bailey.requireGroups();
    assertThat(Bailey.run("create", "--pids", "50", name).status()).isZero();
    var inner = Bailey.run("run", "-d", "--name", name + "/job", "--", "sleep", "1000");
    assertThat(inner.status()).as(inner.err()).isZero();
    assertThat(Bailey.run("ls").out()).containsPattern("(?m)^" + name + " .*\n  job ");
    assertThat(Bailey.run("rm", "-f", name).err()).contains(name + "/job is in it");
    assertThat(Bailey.run("kill", name).status()).isZero();
    assertThat(Bailey.run("wait", name + "/job").status()).isEqualTo(137);
  }

  /** The command line that made it has ended long ago. */
  @Test
  void whatWasCreatedStaysUntilItIsRemoved() {
    Bailey.requireGroups();
    assertThat(Bailey.run("create", name).status()).isZero();
    assertThat(Bailey.run("gc").out()).doesNotContain(name);
    assertThat(one(JsonTree.objects(Bailey.run("ps", "-a", "--json").out()), name))
        .containsEntry("state", "created");
    var again = Bailey.run("create", name);
    assertThat(again.status()).isEqualTo(125);
    assertThat(again.err()).contains("the name is in use");
    assertThat(Bailey.run("run", "--name", name + "/job", "--", "true").status()).isZero();
    assertThat(Bailey.run("rm", name).status()).isZero();
  }

  @Test
  void whatRanInTheBackgroundStaysListed() {
    detach("--", "sh", "-c", "exit 4");
    assertThat(Bailey.run("wait", name).out()).isEqualTo("4\n");
    assertThat(one(JsonTree.objects(Bailey.run("ps", "-a", "--json").out()), name))
        .containsEntry("state", "ended");
    assertThat(Bailey.run("ps", "-q").out().lines()).doesNotContain(name);
    assertThat(Bailey.run("rm", name).status()).isZero();
    assertThat(Bailey.run("wait", name).out()).isEqualTo("4\n");
  }

  @Test
  void unlessItIsToBeRemoved() {
    detach("--rm", "--", "sh", "-c", "exit 4");
    assertThat(Bailey.run("wait", name).out()).isEqualTo("4\n");
    assertThat(Bailey.run("ps", "-aq").out().lines()).doesNotContain(name);
    assertThat(Bailey.run("report", name).out()).contains("exited with status 4");
  }

  @Test
  void eventsAreCountedAndFollowed() throws IOException {
    Bailey.requireGroups();
    var name = Bailey.name();
    var follower = Bailey.start("events", "--follow", "--json", "--interval", "100ms");
    try (var out = follower.inputReader()) {
      var probe = Bailey.name();
      while (!out.ready()) { // until it has begun to look
        assertThat(Bailey.run("create", probe).status()).isZero();
        assertThat(Bailey.run("rm", probe).status()).isZero();
      }
      var line = out.readLine();
      assertThat(Bailey.run("create", "--pids", "20", name).status()).isZero();
      while (line != null && !line.contains(name)) {
        line = out.readLine();
      }
      assertThat(line).contains("\"name\":\"" + name + "\"").contains("\"event\":\"");
      assertThat(Bailey.run("events", name).out()).contains("populated").contains("pids.max");
      assertThat(Bailey.run("events", "--json", name).out()).contains("\"populated\": 0");
      assertThat(Bailey.run("rm", name).status()).isZero();
    } finally {
      follower.destroy();
    }
  }
}
