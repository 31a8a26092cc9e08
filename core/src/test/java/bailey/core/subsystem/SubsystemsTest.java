package bailey.core.subsystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bailey.core.container.ControlFile;
import bailey.core.error.BadRequest;
import org.junit.jupiter.api.Test;

class SubsystemsTest {
  private final Subsystems subsystems = Subsystems.standard();

  @Test
  void findsTheOwnerOfAControl() {
    var found = subsystems.find("memory.max");
    assertThat(found.subsystem()).isInstanceOf(MemorySubsystem.class);
    assertThat(found.file().canonical("64M")).isEqualTo("67108864");
  }

  @Test
  void everyControlBeginsWithItsSubsystemAndIsThereOnce() {
    for (var subsystem : subsystems.all()) {
      assertThat(subsystem.controlFiles())
          .allSatisfy(file -> assertThat(file.name()).startsWith(subsystem.name() + "."));
    }
    assertThat(
            subsystems.all().stream()
                .flatMap(s -> s.controlFiles().stream())
                .map(ControlFile::name))
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(60);
  }

  @Test
  void aTypingErrorGetsTheNearestNames() {
    assertThatThrownBy(() -> subsystems.find("memory.mx"))
        .isInstanceOf(BadRequest.class)
        .hasMessage("memory.mx: no such control; did you mean memory.max?");
  }

  @Test
  void aNameOfTheOtherVersionGetsTheNameHere() {
    assertThatThrownBy(() -> subsystems.find("memory.limit_in_bytes"))
        .hasMessage(
            "memory.limit_in_bytes: no such control; it is called memory.max here, on every"
                + " kernel");
  }

  @Test
  void anythingElseGetsAnExample() {
    assertThatThrownBy(() -> subsystems.find("colour"))
        .hasMessage(
            "colour: no such control; bailey subsystems lists them all, for example memory.max");
  }
}
