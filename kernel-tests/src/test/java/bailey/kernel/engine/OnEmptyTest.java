package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.OnEmpty;
import bailey.core.error.BadRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done when a container gets empty, by a process that needs no JVM. */
class OnEmptyTest {
  @RegisterExtension final Engine engine = new Engine();

  private static void await(String what, BooleanSupplier condition) {
    var end = Instant.now().plus(Duration.ofSeconds(60));
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private boolean isThere(String name) {
    return engine.system().containers().stream().anyMatch(c -> c.name().equals(name));
  }

  /** A program that notes its arguments and environment in a file of the test. */
  private Path agent(String script) throws Exception {
    var agent = engine.folder().resolve("agent");
    Files.writeString(agent, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
    return agent;
  }

  @Test
  void anEmptyContainerIsRemoved() throws Exception {
    var box = engine.system().create(spec().name("box").detached(true).build());
    box.onEmpty(OnEmpty.DELETE);
    assertThat(box.onEmpty()).isEqualTo(OnEmpty.DELETE);
    assertThat(box.get("container.on_empty")).isEqualTo("delete");
    var process = box.start("/bin/true");
    process.waitFor();
    await("its removal", () -> !isThere("box"));
    assertThat(engine.groups()).isEmpty();
  }

  @Test
  void othersAreLeftAloneAndNothingIsDoneWithoutBeingAsked() throws Exception {
    var one = engine.system().create(spec().name("one").detached(true).build());
    var two = engine.system().create(spec().name("two").detached(true).build());
    one.onEmpty(OnEmpty.DELETE);
    assertThat(two.onEmpty()).isEqualTo(OnEmpty.IGNORE);
    two.start("/bin/true").waitFor();
    one.start("/bin/true").waitFor();
    await("its removal", () -> !isThere("one"));
    assertThat(isThere("two")).isTrue();
  }

  @Test
  void theReleaseAgentIsRunWithTheName() throws Exception {
    var told = engine.folder().resolve("told");
    var agent =
        agent(
            "echo \"$1\" > " + told + ".new; env >> " + told + ".new; mv " + told + ".new " + told);
    engine.system().releaseAgent(agent.toString());
    assertThat(engine.system().hierarchies().getFirst().releaseAgent()).isEqualTo(agent.toString());
    var box = engine.system().create(spec().name("box").detached(true).build());
    box.set("container.on_empty", "notify");
    box.start("/bin/true").waitFor();
    await("the release agent", () -> Files.exists(told));
    var lines = Files.readAllLines(told);
    assertThat(lines.getFirst()).isEqualTo("box");
    assertThat(lines.subList(1, lines.size()))
        .allMatch(line -> line.matches("(HOME|PATH|PWD|_|SHLVL|OLDPWD)=.*"))
        .contains("HOME=/");
    assertThat(isThere("box")).isTrue();
  }

  @Test
  void itIsInheritedAndEndsWithTheContainer() throws Exception {
    var box = engine.system().create(spec().name("box").detached(true).build());
    box.onEmpty(OnEmpty.DELETE);
    var stay = engine.system().create(spec().name("box/stay").detached(true).build());
    var inner = engine.system().create(spec().name("box/inner").detached(true).build());
    assertThat(inner.onEmpty()).isEqualTo(OnEmpty.DELETE);
    inner.start("/bin/true").waitFor();
    await("the removal of the inner one", () -> !isThere("box/inner"));
    inner = engine.system().create(spec().name("box/inner").detached(true).build());
    inner.remove(false);
    stay.remove(false);
    box.remove(false); // whoever waited for it is gone with it: the test looks for processes
  }

  @Test
  void aLostKeeperIsReplaced() throws Exception {
    var box = engine.system().create(spec().name("box").detached(true).build());
    box.onEmpty(OnEmpty.DELETE);
    var stat = Files.readString(Path.of(engine.state(), "containers/c-box/keeper.task"));
    long pid = Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    Engine.kill(engine.kernel().processes().find(pid).orElseThrow());
    await("its end", () -> engine.kernel().processes().find(pid).isEmpty());
    assertThat(engine.system().gc().removed()).isEmpty();
    box.start("/bin/true").waitFor();
    await("its removal", () -> !isThere("box"));
  }

  @Test
  void whatIsNoChoiceIsRefused() {
    try (var box = engine.system().create(spec().name("box").detached(true).build())) {
      assertThatThrownBy(() -> box.set("container.on_empty", "explode"))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("ignore or notify or delete");
      assertThatThrownBy(() -> engine.system().releaseAgent("agent"))
          .isInstanceOf(BadRequest.class)
          .hasMessageContaining("no absolute path");
      assertThat(List.of(box.onEmpty())).containsExactly(OnEmpty.IGNORE);
    }
  }
}
