package bailey.oci.runtime;

import bailey.core.bundle.BundleState;
import bailey.core.kept.Fact;
import java.util.stream.Collectors;

/**
 * What was seen of the files of a container, for plans about it that are kept ({@link Fact}).
 *
 * @param record its record, empty where that was not there
 * @param first the note of its first process, empty where that was not there
 */
record ContainerGround(BundleState state, String record, String first) {
  /** The line of the record that tells when it was created. */
  private static final String CREATED = "\"created\":";

  /** That there is a container of the same record, whenever it was created. */
  void alike(Ground ground) {
    var lines =
        record
            .lines()
            .filter(line -> !line.strip().startsWith(CREATED))
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    ground.saw(new Fact.Lines(state.file(BundleState.RECORD), lines));
  }

  /** Whether its first process runs. */
  void task(Ground ground, boolean runs) {
    ground.saw(new Fact.Task(state.file(BundleState.FIRST), runs));
  }

  /** That it is this very container, whose first process runs. */
  void same(Ground ground) {
    alike(ground);
    task(ground, true);
    ground.saw(new Fact.Text(state.file(BundleState.FIRST), first));
  }
}
