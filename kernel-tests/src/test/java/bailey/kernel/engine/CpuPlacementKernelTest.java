package bailey.kernel.engine;

import static bailey.kernel.engine.Engine.line;
import static bailey.kernel.engine.Engine.output;
import static bailey.kernel.engine.Engine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import bailey.ContainerProcess;
import bailey.EnterSpec;
import bailey.core.subsystem.CpusetSubsystem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CPUs by affinity, in a hierarchy that has cpuset without memset. */
class CpuPlacementKernelTest {
  @RegisterExtension final Engine engine = new Engine();

  private static final String SHOW = "grep Cpus_allowed_list /proc/self/status | cut -f2";

  private static void next(ContainerProcess process) throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  @Test
  void tasksAreWhereTheyWereToldToBeAndSoIsWhatTheyStart() throws Exception {
    var features = engine.kernel().features();
    Assumptions.assumeTrue(
        features.cgroups().mounts().containsKey("cpuset"), "cpuset is not on cgroup v1 here");
    var processes = engine.kernel().processes();
    var all = processes.cpus(processes.self().pid()).orElseThrow();
    var set = CpusetSubsystem.CPUS.numbers(all);
    Assumptions.assumeTrue(set.cardinality() > 1, "this machine has one CPU");
    int first = set.nextSetBit(0);
    int second = set.nextSetBit(first + 1);
    engine.system().mountHierarchy("placed", List.of("cpuset"));
    var placed = engine.system().hierarchy("placed");
    var process =
        placed.start(
            spec().bare().name("a").control("cpuset.cpus", "" + first).build(),
            List.of("/bin/sh", "-c", SHOW + "; read x; " + SHOW + "; read x; " + SHOW));
    var container = process.container();
    assertThat(line(process)).isEqualTo("" + first);
    assertThat(container.get("cpuset.cpus.effective")).isEqualTo("" + first);
    container.set("cpuset.cpus", "" + second);
    next(process);
    assertThat(line(process)).isEqualTo("" + second);
    var further = container.exec("/bin/sh", "-c", SHOW);
    further.getOutputStream().close();
    assertThat(output(further)).isEqualTo(second + "\n");
    assertThat(further.waitFor()).isZero();
    var entered = container.enter(EnterSpec.ALL, List.of("/bin/sh", "-c", SHOW));
    entered.getOutputStream().close();
    assertThat(output(entered)).isEqualTo(second + "\n");
    assertThat(entered.waitFor()).isZero();
    container.set("cpuset.cpus", all);
    container.set("cpuset.cpus", "" + first);
    var moved = new ProcessBuilder("/bin/cat").start();
    container.attach(moved.pid());
    assertThat(processes.cpus(moved.pid())).contains("" + first);
    moved.destroyForcibly().waitFor();
    container.set("cpuset.cpus", all);
    process.getOutputStream().close();
    assertThat(output(process)).isEqualTo(all + "\n");
    assertThat(process.waitFor()).isZero();
  }
}
