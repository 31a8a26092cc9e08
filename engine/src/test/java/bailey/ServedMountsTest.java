package bailey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServedMountsTest {
  @RegisterExtension final FakeMachine machine = new FakeMachine();

  @Test
  void whatNobodyHoldsIsToldAndTakenAway() throws IOException {
    assertThat(machine.system().served()).isEmpty();
    var record = Files.createDirectories(Path.of(machine.state(), "mounts", "1"));
    assertThat(machine.system().served()).as("not complete yet").isEmpty();
    Files.writeString(record.resolve("directory"), "/containers");
    Files.createFile(record.resolve("lock"));
    assertThat(machine.system().served())
        .containsExactly(new ServedMount("/containers", false, record.toString()));
    assertThat(machine.system().drift())
        .singleElement()
        .satisfies(
            drift -> {
              assertThat(drift.kind()).isEqualTo(Drift.Kind.MOUNT_UNSERVED);
              assertThat(drift.what()).contains("/containers");
            });
    assertThat(machine.system().gc().removed())
        .containsExactly("removed the mount at /containers, which nobody serves any more");
    assertThat(machine.system().served()).isEmpty();
    assertThat(record).doesNotExist();
  }
}
