package bailey.kernel.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.subsystem.Subsystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The control files of namespaces are where their subsystems say. */
class SysctlKernelTest {
  @Test
  void everySysctlThatIsNamedIsThere() {
    var there = new ArrayList<Path>();
    for (var namespace : Subsystems.standard().namespaces()) {
      for (var file : namespace.controlFiles()) {
        namespace.sysctl(file).map(name -> Path.of("/proc/sys", name)).ifPresent(there::add);
      }
    }
    assertThat(there).hasSizeGreaterThan(15).allMatch(Files::exists);
  }
}
