package bailey.kernel.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.subsystem.NamespaceSource;
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
        if (namespace.source(file) instanceof NamespaceSource.Sysctl sysctl) {
          there.add(Path.of("/proc/sys", sysctl.name()));
        }
      }
    }
    assertThat(there).hasSizeGreaterThan(25).allMatch(Files::exists);
  }
}
