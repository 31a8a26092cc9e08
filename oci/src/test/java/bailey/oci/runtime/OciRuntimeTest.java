package bailey.oci.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.error.ContainerBusy;
import bailey.core.error.NoSuchContainer;
import bailey.testkit.cgroup.FakeCgroups;
import bailey.testkit.machine.FakeKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciRuntimeTest {
  @TempDir Path directory = Path.of("/nowhere");

  private OciRuntime runtime() {
    var kernel = new FakeKernel(FakeCgroups.hybrid(), directory);
    return new OciRuntime(kernel, directory, GroupMaker.CGROUPFS, _ -> {}, List::of);
  }

  @Test
  void whatDoesNotExistIsNotStarted() {
    assertThatThrownBy(() -> runtime().start("one"))
        .isInstanceOf(NoSuchContainer.class)
        .hasMessageContaining("container one does not exist");
  }

  /** It has the id and nothing else yet, or any more. */
  @Test
  void whatHasNoConfigurationIsNotStarted() throws IOException {
    Files.createDirectory(directory.resolve("one"));
    assertThatThrownBy(() -> runtime().start("one"))
        .isInstanceOf(ContainerBusy.class)
        .hasMessage("cannot start container one: it is stopped, not created");
  }
}
