package bailey.kernel.exec;

import static org.assertj.core.api.Assertions.assertThat;

import bailey.core.kernel.Ability;
import bailey.core.kernel.Kernel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoctorTest {
  private final Kernel kernel = ServiceLoader.load(Kernel.class).findFirst().orElseThrow();

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void everyAbilityHasItsUseAndWhatIsLackingItsRemedy() {
    var abilities = kernel.abilities();
    assertThat(abilities).extracting(Ability::name).doesNotHaveDuplicates();
    for (var ability : abilities) {
      assertThat(ability.use()).as(ability.name()).isNotBlank();
      assertThat(ability.remedy().isBlank()).as("%s", ability).isEqualTo(ability.present());
    }
  }

  /** What every kernel has that this project is built on: red if the trial itself is broken. */
  @Test
  void whatIsSurelyHereIsFound() {
    assertThat(kernel.abilities())
        .filteredOn(Ability::present)
        .extracting(Ability::name)
        .contains(
            "sealed memory file",
            "clone3",
            "pid namespace",
            "mnt namespace",
            "pidfd_open",
            "close_range",
            "seccomp filter",
            "open_tree, move_mount");
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    kernel.abilities(); // the executor is there now
    var mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    var descriptors = descriptors();
    kernel.abilities();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
    assertThat(descriptors()).isEqualTo(descriptors);
    var layout = kernel.features().cgroups();
    var points = new ArrayList<>(layout.mounts().values());
    layout.unified().ifPresent(points::add);
    String own = "doctor-" + ProcessHandle.current().pid();
    for (var point : points) {
      for (var folder : List.of(point, point + layout.base().orElse(""))) {
        var names = new File(folder).list();
        assertThat(names == null ? List.of() : List.of(names))
            .as(folder)
            .noneMatch(name -> name.toString().endsWith(own));
      }
    }
  }

  private static List<String> descriptors() {
    var names = new File("/proc/self/fd").list();
    assertThat(names).isNotNull();
    return List.of(names);
  }
}
