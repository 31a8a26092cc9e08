package bailey.kernel.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.Container;
import bailey.ContainerProcess;
import bailey.ContainerSystem;
import bailey.core.error.BadRequest;
import bailey.core.spec.ContainerSpec;
import bailey.testkit.cgroup.FakeCgroups;
import bailey.testkit.machine.FakeKernel;
import bailey.testkit.machine.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The example subsystem on the machine in memory: a program of its own, because it needs the
 * example on its class path. Its argument is a directory to work in.
 */
final class NumtasksOnFake {
  private static final long SEED = 20_060_915;
  private static final int CHILDREN = 6;
  private static final int CHANGES = 150;

  private final ContainerSystem system;
  private final List<ContainerProcess> started = new ArrayList<>();

  private NumtasksOnFake(ContainerSystem system) {
    this.system = system;
  }

  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[0]);
    for (var version : List.of(FakeCgroups.hybrid(), FakeCgroups.v2())) {
      var work = Files.createTempDirectory(folder, "fake");
      try (var kernel = new FakeKernel(version, work);
          var system = ContainerSystem.open(kernel, work.resolve("state").toString())) {
        kernel.program("/bin/sleep", Program.FOR_EVER);
        new NumtasksOnFake(system).check();
      }
    }
  }

  private Container start(String name, String control, String value) {
    var spec =
        ContainerSpec.builder().name(name).environment("PATH", "/bin").control(control, value);
    var process = system.start(spec.build(), List.of("/bin/sleep"));
    started.add(process);
    return process.container();
  }

  private void check() throws Exception {
    var parent = start("p", "pids.max", "1000");
    var one = start("p/c0", "numtasks.max_shares", "50");
    assertThat(one.get("pids.max")).isEqualTo("500");
    assertThat(one.get("numtasks.min_shares")).isEqualTo("0");
    assertThat(parent.get("numtasks.child_shares_divisor")).isEqualTo("100");
    parent.set("numtasks.child_shares_divisor", "200");
    assertThat(one.get("pids.max")).isEqualTo("250");
    parent.set("pids.max", "800");
    assertThat(one.get("pids.max")).isEqualTo("200");
    assertThatThrownBy(() -> one.set("pids.max", "5"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("this follows from numtasks");
    assertThatThrownBy(() -> start("p/x", "pids.max", "5"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("leave out one of them");
    assertThatThrownBy(() -> one.set("numtasks.min_shares", "201"))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("201 shares of 200");
    assertThat(one.get("numtasks.min_shares")).isEqualTo("0");
    for (int i = 1; i < CHILDREN; i++) {
      start("p/c" + i, "numtasks.max_shares", "200");
    }
    randomChanges(parent);
    for (var process : started.reversed()) {
      process.destroyForcibly();
      process.waitFor();
    }
    assertThat(system.containers()).isEmpty();
  }

  /** Whatever is set: nobody can take from another what was promised to it. */
  private void randomChanges(Container parent) {
    var random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < CHANGES; i++) {
      var child = system.container("p/c" + random.nextInt(CHILDREN));
      var control = random.nextBoolean() ? "numtasks.min_shares" : "numtasks.max_shares";
      try {
        child.set(control, Integer.toString(random.nextInt(120)));
      } catch (BadRequest _) {
        refused++;
      }
      checkPromises(parent);
    }
    assertThat(refused).isBetween(1, CHANGES - 1);
  }

  private static void checkPromises(Container parent) {
    long all = Long.parseLong(parent.get("pids.max"));
    long divisor = Long.parseLong(parent.get("numtasks.child_shares_divisor"));
    long sum = 0;
    long promised = 0;
    for (var child : parent.children()) {
      long min = Long.parseLong(child.get("numtasks.min_shares"));
      long max = Math.max(min, Long.parseLong(child.get("numtasks.max_shares")));
      long limit = Long.parseLong(child.get("pids.max"));
      assertThat(limit)
          .isBetween(Math.max(1, all * min / divisor), Math.max(1, all * max / divisor));
      sum += limit;
      promised += min;
    }
    if (promised > 0) {
      assertThat(sum).isLessThanOrEqualTo(all + CHILDREN); // one task at least is everybody's
    }
  }
}
