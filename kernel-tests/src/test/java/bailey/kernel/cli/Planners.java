package bailey.kernel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Ends the planners of this checkout when all tests are over, whoever's they are, and what serves
 * containers that see themselves in /proc.
 */
public final class Planners implements TestExecutionListener {
  private static final Path LIB = Bailey.LAUNCHER.resolveSibling("cli/target/dist/lib");

  /** Found by ServiceLoader. */
  public Planners() {}

  /** The planners that this checkout's program has started and that stay. */
  public static List<ProcessHandle> all() {
    return ProcessHandle.allProcesses()
        .filter(p -> arguments(p).containsAll(List.of("-Dbailey.lib=" + LIB, "--stay")))
        .toList();
  }

  private static List<String> arguments(ProcessHandle process) {
    try {
      var bytes = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
      return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0", -1));
    } catch (IOException _) {
      return List.of(); // it has ended
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (Files.exists(Path.of("/run/bailey/view"))) { // its server ends with it
      var _ = Bailey.run("umount", "/run/bailey/view");
    }
    for (var planner : all()) {
      planner.destroy();
      planner.onExit().join();
    }
    assertThat(all()).isEmpty();
  }
}
