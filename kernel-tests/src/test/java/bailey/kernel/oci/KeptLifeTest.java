package bailey.kernel.oci;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.kernel.cli.Planners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The plans by which a container is started and deleted, and a further process runs in it, are kept
 * when the very same call came a second time; they are done without asking while the container is
 * one of the same kind, and never when it is not. Who asks starts a planner, which is to be seen.
 */
class KeptLifeTest {
  private static final String[] EXEC = {"exec", "one", "sh", "-c", "echo further"};

  @RegisterExtension final TestBundle bundle = new TestBundle();

  private List<ProcessHandle> others = List.of();

  @BeforeEach
  void lookAround() {
    others = Planners.all();
  }

  private Program.Result call(String... words) {
    var all = new ArrayList<>(List.of(TestBundle.LAUNCHER.toString()));
    all.addAll(List.of("--root", bundle.directory().resolve("state").toString()));
    all.addAll(Arrays.asList(words));
    return Program.run(bundle.directory(), all, environment());
  }

  private Map<String, String> environment() {
    var state = bundle.directory().resolve("planner").toString();
    return Map.of("BAILEY_SERVE", "on", "BAILEY_IDLE", "5m", "BAILEY_STATE", state);
  }

  private void succeeds(String... words) {
    var result = call(words);
    assertThat(result.status()).as(Arrays.toString(words) + result.err()).isZero();
  }

  private List<ProcessHandle> planners() {
    var own = new ArrayList<>(Planners.all());
    own.removeAll(others);
    return own;
  }

  /** It has written what it keeps when it has ended by itself; one that starts hears it later. */
  @AfterEach
  void stopPlanner() {
    var bailey = TestBundle.LAUNCHER.resolveSibling("bailey").toString();
    while (!planners().isEmpty()) {
      Program.run(bundle.directory(), List.of(bailey, "serve", "--stop"), environment());
    }
  }

  private void asksNobody(String... words) {
    assertThat(planners()).isEmpty();
    succeeds(words);
    assertThat(planners()).as(Arrays.toString(words)).isEmpty();
  }

  /** Whatever the answer. */
  private Program.Result asks(String... words) {
    assertThat(planners()).isEmpty();
    var result = call(words);
    assertThat(planners()).as(Arrays.toString(words)).isNotEmpty();
    stopPlanner();
    return result;
  }

  private void awaitEnd() {
    for (int i = 0; !call("state", "one").out().contains("\"stopped\""); i++) {
      assertThat(i).isLessThan(1000);
    }
  }

  private void lives(int times) {
    for (int i = 0; i < times; i++) {
      succeeds("create", "one");
      succeeds("start", "one");
      awaitEnd();
      succeeds("delete", "one");
    }
    stopPlanner();
  }

  private void runsAndKnowsExec() {
    bundle.script("exec sleep 1000");
    succeeds("run", "--detach", "one");
    for (int i = 0; i < 2; i++) {
      assertThat(call(EXEC).out()).isEqualTo("further\n");
    }
    stopPlanner();
  }

  @Test
  void aLifeThatComesAgainAsksNobody() {
    bundle.script("true");
    lives(2);
    asksNobody("create", "one");
    asksNobody("start", "one");
    awaitEnd();
    stopPlanner();
    asksNobody("delete", "one");
    assertThat(asks("state", "one").err()).contains("does not exist");
  }

  /** A kept plan knows no sentences; the planner, asked afterwards, must not say less. */
  @Test
  void whyAKeptStartFailedIsTold() throws IOException {
    bundle.script("true");
    lives(2);
    asksNobody("create", "one");
    Files.delete(bundle.root().resolve("bin/sh"));
    assertThat(asks("start", "one").err())
        .contains("executing ", "sh", "no such file or directory");
  }

  @Test
  void whatIsDeletedByForceIsKilledWithoutAsking() throws IOException {
    bundle.script("exec sleep 1000");
    for (int i = 0; i < 2; i++) {
      succeeds("run", "--detach", "--pid-file", "pid", "one");
      succeeds("delete", "--force", "one");
    }
    succeeds("run", "--detach", "--pid-file", "pid", "one");
    stopPlanner();
    var first = Path.of("/proc", Files.readString(bundle.directory().resolve("pid")));
    assertThat(first).exists();
    asksNobody("delete", "--force", "one");
    while (Files.exists(first)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aFurtherProcessThatComesAgainAsksNobody() {
    runsAndKnowsExec();
    asksNobody(EXEC);
    asksNobody(EXEC);
  }

  @Test
  void anotherFurtherProcessIsPlanned() {
    runsAndKnowsExec();
    assertThat(asks("exec", "one", "sh", "-c", "echo FURTHER").out()).isEqualTo("FURTHER\n");
    assertThat(asks("exec", "one", "echo", "-c", "echo further").out())
        .isEqualTo("-c echo further\n");
  }

  @Test
  void aFurtherProcessOfAnotherContainerOfThatNameIsPlanned() {
    runsAndKnowsExec();
    succeeds("delete", "--force", "one");
    assertThat(call(EXEC).err()).contains("does not exist");
    succeeds("run", "--detach", "one");
    stopPlanner();
    assertThat(asks(EXEC).out()).isEqualTo("further\n");
  }

  @Test
  void noFurtherProcessInWhatHasEnded() {
    runsAndKnowsExec();
    succeeds("kill", "one", "KILL");
    awaitEnd();
    stopPlanner();
    assertThat(asks(EXEC).err()).contains("stopped container");
  }

  @Test
  void noFurtherProcessInWhatIsPaused() {
    runsAndKnowsExec();
    succeeds("pause", "one");
    stopPlanner();
    assertThat(asks(EXEC).err()).contains("paused container");
    succeeds("resume", "one");
    stopPlanner();
    asksNobody(EXEC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "record.json", "first"})
  void aFurtherProcessOfAChangedStateIsPlanned(String name) throws IOException {
    runsAndKnowsExec();
    var file = bundle.directory().resolve("state/one").resolve(name);
    var text = Files.readString(file);
    var time = Files.getLastModifiedTime(file);
    Files.writeString(file, text.replace("sleep", "SLEEP").replace("root", "ROOT"));
    if (name.equals("first")) { // another program's name in it, of the same process
      Files.writeString(file, text.replaceFirst("\\(.*\\)", "(other)"));
    }
    Files.setLastModifiedTime(file, time);
    var _ = asks(EXEC);
    Files.writeString(file, text);
    asksNobody(EXEC);
  }

  @Test
  void whatRunsIsNeitherStartedNorDeleted() {
    bundle.script("if test -e /stay; then exec sleep 1000; fi");
    lives(2);
    assertThat(bundle.root().resolve("stay").toFile().mkdir()).isTrue();
    asksNobody("create", "one");
    assertThat(asks("delete", "one").err()).contains("it is created");
    asksNobody("start", "one");
    assertThat(asks("start", "one").err()).contains("it is running");
    assertThat(asks("delete", "one").err()).contains("it is running");
    assertThat(asks("state", "one").out()).contains("\"running\"");
    assertThat(asks("delete", "--force", "one").status()).isZero();
  }

  @Test
  void whatIsNotThereIsNotDeleted() {
    bundle.script("true");
    lives(2);
    assertThat(asks("delete", "one").err()).contains("does not exist");
    assertThat(asks("start", "one").err()).contains("does not exist");
  }

  @Test
  void hooksOfAnotherConfigurationAreRun() throws IOException {
    bundle.script("true");
    lives(2);
    var told = bundle.directory().resolve("told");
    bundle.field(
        "'hooks': {'poststop': [{'path': '/bin/sh', 'args': ['sh', '-c', 'cat >> "
            + told
            + "']}]}");
    for (int i = 0; i < 3; i++) {
      lives(1);
      assertThat(Files.readString(told)).contains("\"stopped\"");
      Files.delete(told);
    }
  }

  @Test
  void whatIsAskedOnceIsNotKept() throws IOException {
    bundle.script("exec sleep 1000");
    succeeds("run", "--detach", "one");
    succeeds(EXEC);
    stopPlanner();
    try (var files = Files.list(Path.of(environment().get("BAILEY_STATE"), "serve"))) {
      // that of run alone
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("plan-")))
          .hasSize(1);
    }
    var _ = asks(EXEC);
  }
}
