package bailey.linux.probe;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kept.Fact;
import bailey.linux.proc.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
  private static final String OWN = "/proc/self/cgroup";

  private final Snapshots snapshots = new Snapshots();
  private final List<Fact> seen = new ArrayList<>();

  @Test
  void isWhatAProbeFinds() {
    for (int i = 0; i < 3; i++) {
      assertThat(snapshots.features(OWN, new ArrayList<>())).isEqualTo(KernelProbe.features());
    }
    assertThat(snapshots.mounts()).isEqualTo(KernelProbe.mounts()).isEqualTo(snapshots.mounts());
    assertThat(snapshots.entries()).isEqualTo(MountEntry.readAll());
  }

  @Test
  void isNotTakenAnewWhereAllIsAsItWas() {
    var first = snapshots.features(OWN, seen);
    var again = new ArrayList<Fact>();
    assertThat(snapshots.features(OWN, again)).isSameAs(first);
    assertThat(again).isEqualTo(seen).isNotEmpty();
  }

  @Test
  void callersOfOtherGroupsHaveTheirOwn(@TempDir Path folder) throws IOException {
    var own = snapshots.features(OWN, seen);
    var file = folder.resolve("cgroup");
    for (int i = 0; i < 20; i++) { // more than are kept
      Files.writeString(file, "0::/other" + i + "\n");
      var facts = new ArrayList<Fact>();
      var features = snapshots.features(file.toString(), facts);
      assertThat(facts).contains(new Fact.Text(OWN, "0::/other" + i + "\n"));
      assertThat(features.cgroups()).isNotEqualTo(own.cgroups());
      assertThat(snapshots.features(file.toString(), facts)).isSameAs(features);
    }
    assertThat(snapshots.features(OWN, new ArrayList<>())).isEqualTo(own);
  }
}
