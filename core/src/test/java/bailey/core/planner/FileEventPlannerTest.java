package bailey.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.abi.Arch;
import bailey.core.abi.Sys;
import bailey.core.kernel.FileWatching.Change;
import bailey.core.kernel.FileWatching.What;
import bailey.core.plan.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileEventPlannerTest {
  private static List<Step> steps(What what) {
    return new FileEventPlanner(Arch.X86_64, 0, 45)
        .plan("/containers", new Change(what, "/default/web", "pids.max", -7))
        .flattened();
  }

  @ParameterizedTest
  @CsvSource({
    "MODIFIED,TRUNCATE",
    "MADE,MKDIRAT",
    "REMOVED_FILE,UNLINKAT",
    "REMOVED_DIRECTORY,UNLINKAT"
  })
  void itBecomesKnownLooksAndOnlyThenTells(What what, Sys call) {
    var calls =
        steps(what).stream()
            .filter(step -> step instanceof Step.Call)
            .map(step -> ((Step.Call) step).call())
            .toList();
    assertThat(calls).containsOnlyOnce(call).startsWith(Sys.SETRESGID, Sys.OPENAT, Sys.STATX);
    assertThat(calls.indexOf(call)).isGreaterThan(calls.lastIndexOf(Sys.STATX));
  }

  @Test
  void aFileIsTheOneThatWasMeantOrNothingIsTouched() {
    long checks =
        steps(What.MODIFIED).stream()
            .filter(step -> step instanceof Step.When)
            .map(step -> ((Step.When) step).body())
            .filter(body -> body.getFirst() instanceof Step.Fail)
            .count();
    assertThat(checks).as("device of both, and the number of the file").isEqualTo(5);
  }
}
